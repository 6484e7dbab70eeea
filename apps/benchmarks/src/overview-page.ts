import type { Conformance, Peers } from '@tensor-papers/workbench';
import { claimFamilies, comparedRepeats } from './claims/claim-families.js';
import { claimsTable } from './claims/claims-table.js';
import { howVerdictsWork, stripKey } from './claims/how-verdicts-work.js';
import { countStandings, STANDINGS, type Standing } from './claims/verdict.js';
import { ENGINE_TITLE, engineSummary } from './engine/engine-page.js';
import { count, formatDuration } from './format.js';
import { html, type SafeHtml, slug } from './html.js';
import { renderPage } from './page.js';
import { claimsOf, type PaperResults } from './paper-results.js';
import { copyable } from './parts/copyable.js';
import type { ApiSite } from './read-api-site.js';
import { byline } from './read-papers.js';
import { SPEED_TITLE, speedSummary } from './speed/speed-page.js';

/** The folders of the pages that are not of a paper. */
export const SPEED_FOLDER = 'speed';
export const ENGINE_FOLDER = 'engine';
export const API_FOLDER = 'api';

/** The folder of a paper's page. */
export function paperFolder(name: string): string {
  return slug(name);
}

const ORDER: readonly Standing[] = ['supported', 'contradicted', 'inconclusive', 'none'];

/** The claims of the committed runs, each with its repeats. */
const measuredFamilies = (entries: readonly PaperResults[]) =>
  entries.flatMap(({ standard }) => claimFamilies(standard?.claims ?? []));

/** `paper: H1, H2 on other data`, for each other data on which claims of a paper have another verdict. */
function namesOfDiffering({ paper, standard }: PaperResults): string[] {
  const { differing } = comparedRepeats(claimFamilies(standard?.claims ?? []));
  const others = new Set(differing.map(({ repeats }) => repeats?.on));
  return [...others].map((on) => {
    const claims = differing.filter(({ repeats }) => repeats?.on === on).map(({ repeats }) => repeats?.claim);
    return `${paper.name}: ${claims.join(', ')} on ${on}`;
  });
}

function tally(entries: readonly PaperResults[]): SafeHtml {
  const families = measuredFamilies(entries);
  const counts = countStandings(families.map(({ claim }) => claim));
  const { all, differing } = comparedRepeats(families);
  const same = all.length - differing.length;
  const names = entries.flatMap(namesOfDiffering);
  return html`<ul class="tally" aria-label="Claims by verdict">${ORDER.filter(
    (standing) => standing !== 'none' || counts.none > 0,
  ).map(
    (standing) =>
      html`<li class="${standing}"><strong>${counts[standing]}</strong> <span>${STANDINGS[standing].plural}</span></li>`,
  )}</ul>${
    all.length > 0 &&
    html`<p>Asked again on other data ${count(all.length, 'time')}: ${same} with the same verdict, ${differing.length} with another${names.length > 0 && ` (${names.join('; ')})`}.</p>`
  }`;
}

function runSummary({ standard, demo }: PaperResults): SafeHtml {
  if (standard) {
    return html`<p class="note">Committed run: preset ${standard.preset}, ${count(standard.seeds.length, 'seed')}, engine ${standard.engine.name}, ${formatDuration(standard.wallSeconds)}${standard.partial && ' (stopped early: partial)'}.${
      demo && ' A demo run stands on its page, without verdicts.'
    }</p>`;
  }
  if (demo) {
    return html`<div class="banner"><p><strong>Demo.</strong> This is the ${demo.preset} preset, ${count(demo.seeds.length, 'seed')}, run in ${formatDuration(demo.wallSeconds)}. It shows what a run looks like; it is too small for verdicts, and there is no committed result yet.</p></div>`;
  }
  return html`<p class="empty">Not run yet.</p>`;
}

function paperEntry(entry: PaperResults): SafeHtml {
  const { paper, standard, demo } = entry;
  const folder = paperFolder(paper.name);
  const run = standard ?? demo;
  const claims = claimsOf(entry, run);
  const isDemo = run !== undefined && run === demo;
  const table = claimsTable(claims, {
    label: `Claims of ${paper.title}`,
    prefix: `${folder}-claim`,
    demo: isDemo,
    href: (claim) => `${folder}/index.html#${isDemo ? 'demo-claim' : 'claim'}-${slug(claim.id)}`,
  });
  return html`<section class="paper-entry" id="${folder}" aria-labelledby="${folder}-title">
<h2 id="${folder}-title"><a href="${folder}/index.html">${paper.title}</a></h2>
<p class="byline">${byline(paper)}${paper.package && html`<br>Package <code>${paper.package.name}</code>`}</p>
${runSummary(entry)}
${claims.length > 0 ? (run ? table : html`<details class="note"><summary>${count(claims.length, 'claim')}, declared before any run</summary>${table}</details>`) : html`<p class="empty">No claims are declared for this paper.</p>`}
<p><a href="${folder}/index.html">Evidence, figures and how to reproduce it</a></p>
</section>
`;
}

function headline(entries: readonly PaperResults[]): SafeHtml {
  const measured = entries.filter(({ standard }) => standard);
  if (measured.length > 0) {
    return html`<p class="lead">${count(measuredFamilies(measured).length, 'claim')} of ${count(measured.length, 'paper')}, checked by running the methods again, seed by seed:</p>${tally(measured)}`;
  }
  if (entries.some(({ demo }) => demo)) {
    return html`<p class="lead">There are no committed results yet. What follows is a demo: a short run on this machine, real images and real numbers, too few seeds for a verdict.</p>`;
  }
  return html`<p class="lead">Nothing has been run yet.</p>
<p>This command runs the quick preset of every paper and writes this page again:</p>${copyable('npx -y pnpm@10 benchmark', 'Command that runs every paper')}`;
}

/** What the site shows besides papers; each may be missing. */
export interface Besides {
  peers?: Peers | undefined;
  conformance?: Conformance | undefined;
  api?: ApiSite | undefined;
}

function besidesLinks({ peers, conformance, api }: Besides): SafeHtml | false {
  if (!peers && !conformance && !api) return false;
  const link = (folder: string, title: string, summary: string) =>
    html`<li><a href="${folder}/index.html">${title}</a> <span class="note">${summary}</span></li>`;
  return html`<nav class="contents" id="besides" aria-label="Besides the papers"><ul>${[
    peers && link(SPEED_FOLDER, SPEED_TITLE, speedSummary(peers)),
    conformance && link(ENGINE_FOLDER, ENGINE_TITLE, engineSummary(conformance)),
    api &&
      link(API_FOLDER, 'API reference', `every public function, class and type of ${count(api.pages.size, 'package')}`),
  ]}</ul></nav>`;
}

/** The links to the papers and to what stands below them. */
function onThisPage(entries: readonly PaperResults[], besides: SafeHtml | false): SafeHtml | false {
  if (entries.length < 2) return false;
  const links = [
    ...entries.map(({ paper }) => ({ id: paperFolder(paper.name), title: paper.title })),
    ...(besides ? [{ id: 'besides', title: 'Besides the papers' }] : []),
    { id: 'verdicts', title: 'How a verdict is computed' },
  ];
  return html`<nav class="contents" aria-label="On this page"><ul>${links.map(
    ({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`,
  )}</ul></nav>`;
}

/** The first page: what holds, paper by paper and claim by claim. */
export function overviewPage(entries: readonly PaperResults[], besides: Besides = {}): string {
  const links = besidesLinks(besides);
  return renderPage({
    title: 'What holds? tensor-papers',
    description: 'Claims of vision papers, checked again on real images with seeds, effects and 95 % intervals.',
    home: null,
    body: html`<h1>What holds?</h1>
${headline(entries)}
${onThisPage(entries, links)}
${entries.some(({ standard, demo }) => standard ?? demo) && stripKey('#verdicts')}
${entries.map(paperEntry)}
${links}
${howVerdictsWork()}`,
  });
}
