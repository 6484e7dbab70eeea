import { html, type SafeHtml, webAddress } from './html.js';
import { renderPage } from './page.js';
import { equationList } from './paper/equations.js';
import { claimsSection, DOWNLOADS, demoSection, evidenceSections, studySection } from './paper/evidence.js';
import { packageLinks } from './paper/package-links.js';
import { rawValues } from './paper/raw-values.js';
import { reproduce } from './paper/reproduce.js';
import { contents, renderSection, type Section } from './paper/section.js';
import type { PaperResults } from './paper-results.js';
import { copyable } from './parts/copyable.js';
import { byline, type PaperInfo } from './read-papers.js';

const list = (texts: readonly string[]) => html`<ul class="prose">${texts.map((text) => html`<li>${text}</li>`)}</ul>`;

function citation({ authors, year, title, venue, url, bibtex }: PaperInfo): SafeHtml {
  const address = webAddress(url);
  return html`<p>${authors && `${authors}${year && ` (${year})`}. `}${address ? html`<a href="${address}">${title}</a>` : title}.${venue && ` ${venue}.`}</p>
${bibtex && copyable(bibtex, 'BibTeX entry')}`;
}

function methodSections({ equations, deviations, notImplemented, ...paper }: PaperInfo): Section[] {
  const sections: (Section | false)[] = [
    equations.length > 0 && {
      id: 'method',
      title: 'The method',
      short: 'Method',
      content: equationList({ equations, deviations, notImplemented, ...paper }),
    },
    deviations.length + notImplemented.length > 0 && {
      id: 'deviations',
      title: 'Where this differs from the paper',
      short: 'Deviations',
      content: [
        deviations.length > 0 && list(deviations),
        notImplemented.length > 0 && html`<h3>Not implemented</h3>${list(notImplemented)}`,
      ],
    },
  ];
  return sections.filter((section) => section !== false);
}

/**
 * The page of one paper: claim, evidence, how sure, study, how to reproduce; then method, deviations, raw values, citation.
 * @param api where the API of its package is described
 */
export async function paperPage(entry: PaperResults, api?: string): Promise<string> {
  const { paper, standard, study, demo } = entry;
  const demoRun = demo ? [await demoSection(entry, demo)] : [];
  const sections: Section[] = [claimsSection(entry)];
  if (standard) {
    sections.push(...(await evidenceSections(entry, standard)));
  }
  if (study) sections.push(await studySection(entry, study));
  if (standard) {
    sections.push({
      id: 'reproduce',
      title: 'How to reproduce',
      short: 'Reproduce',
      content: reproduce(standard, DOWNLOADS.standard),
    });
  } else {
    // Without a committed run the demo is what there is to see.
    sections.push(...demoRun);
  }
  sections.push(...methodSections(paper));
  if (standard) {
    sections.push({ id: 'values', title: 'Every arm, every seed', short: 'Raw values', content: rawValues(standard) });
  }
  if (paper.authors || paper.bibtex || paper.url) {
    sections.push({ id: 'cite', title: 'Cite', content: citation(paper) });
  }
  if (standard) sections.push(...demoRun);

  return renderPage({
    title: `${paper.title}: what holds?`,
    description: `Claims of ${paper.title}, checked again: effects, 95 % intervals, figures, and how to reproduce them.`,
    home: '../index.html',
    body: html`<h1>${paper.title}</h1>
<p class="byline">${byline(paper)}</p>
${paper.summary && html`<p class="lead">${paper.summary}</p>`}
${packageLinks(paper.package, api)}
${contents(sections)}
${sections.map(renderSection)}`,
  });
}
