import { claimFamilies, comparedRepeats } from '../claims/claim-families.js';
import { claimsTable } from '../claims/claims-table.js';
import { stripKey } from '../claims/how-verdicts-work.js';
import { countStandings, STANDINGS, type Standing } from '../claims/verdict.js';
import { figureAnchors, renderFigure } from '../figures/render-figure.js';
import { asHeading, count, formatDuration } from '../format.js';
import { html, type SafeHtml } from '../html.js';
import { claimsOf, type PaperResults } from '../paper-results.js';
import type { ReportResult } from '../report-result.js';
import { howSure } from './how-sure.js';
import { rawValues } from './raw-values.js';
import { reproduce } from './reproduce.js';
import type { Section } from './section.js';

/** Where the result files lie, as links from the paper's page. */
export const DOWNLOADS = { standard: 'standard.json', study: 'study.json', demo: 'demo.json' } as const;

const ORDER: readonly Standing[] = ['supported', 'contradicted', 'inconclusive', 'none'];

/** So many figures are found by scrolling; of more there is a list. */
const LISTED_FROM = 3;

function verdictSentence({ claims, preset, seeds, partial }: ReportResult): string {
  const families = claimFamilies(claims);
  const counts = countStandings(families.map(({ claim }) => claim));
  const parts = ORDER.filter((standing) => counts[standing] > 0).map(
    (standing) => `${counts[standing]} ${STANDINGS[standing].plural}`,
  );
  const { all, differing } = comparedRepeats(families);
  const again =
    all.length > 0
      ? ` Asked again on other data ${count(all.length, 'time')}, ${differing.length} with another verdict.`
      : '';
  const run = `Preset ${preset}, ${count(seeds.length, 'seed')}${partial ? ', stopped early (partial)' : ''}.`;
  return parts.length > 0
    ? `Of ${count(families.length, 'claim')}: ${parts.join(', ')}.${again} ${run}`
    : `No claims. ${run}`;
}

async function figures(result: ReportResult, title: string, prefix: string): Promise<SafeHtml> {
  const anchors = figureAnchors(result.figures, prefix);
  const source = `${title}, checked again by tensor-papers: preset ${result.preset}, ${count(result.seeds.length, 'seed')}`;
  const drawn: SafeHtml[] = [];
  // One after the other: vega holds a whole scene graph per chart.
  for (const [index, figure] of result.figures.entries()) {
    drawn.push(await renderFigure(figure, { anchor: anchors[index]!, source }));
  }
  const list = html`<nav aria-label="Figures"><ol class="figure-list">${result.figures.map(
    ({ title }, index) => html`<li><a href="#${anchors[index]}">${asHeading(title)}</a></li>`,
  )}</ol></nav>`;
  return html`${drawn.length > LISTED_FROM && list}${drawn}`;
}

function remarks({ notes = [] }: ReportResult): SafeHtml | false {
  if (notes.length === 0) return false;
  return html`<details class="note"><summary>${notes.length === 1 ? 'One remark' : `${notes.length} remarks`} of the run</summary><ul class="prose">${notes.map((note) => html`<li>${note}</li>`)}</ul></details>`;
}

/** What is claimed, and what the committed run says to it. */
export function claimsSection(entry: PaperResults): Section {
  const { paper, standard, demo } = entry;
  // The demo's own table lists the claims already.
  const claims = (standard ?? !demo) ? claimsOf(entry) : [];
  return {
    id: 'claims',
    title: 'What is claimed, and what came out',
    short: 'Claims',
    content: html`${
      standard
        ? html`<p>${verdictSentence(standard)}</p>`
        : html`<p class="empty">There is no committed result of this paper yet${demo && html`; a <a href="#demo">demo run</a> follows`}.</p>`
    }
${paper.scale && html`<p class="note"><strong>Scale.</strong> ${paper.scale}</p>`}
${claims.length > 0 && [claimsTable(claims, { label: `Claims of ${paper.title}`, prefix: 'claim', detailed: true, armInfo: standard?.armInfo }), stripKey('../index.html#verdicts')]}`,
  };
}

/** What the committed run shows, and how sure that is. */
export async function evidenceSections({ paper }: PaperResults, result: ReportResult): Promise<Section[]> {
  const sure = howSure(result);
  const sections: (Section | false)[] = [
    result.figures.length > 0 && {
      id: 'figures',
      title: 'The evidence in figures',
      short: 'Figures',
      content: await figures(result, paper.title, 'figure'),
    },
    (sure !== null || (result.notes ?? []).length > 0) && {
      id: 'sure',
      title: 'How sure',
      content: [sure, remarks(result)],
    },
  ];
  return sections.filter((section) => section !== false);
}

/** The map of where the method helps: its settings, arm by arm, without verdicts. */
export async function studySection({ paper }: PaperResults, study: ReportResult): Promise<Section> {
  return {
    id: 'study',
    title: 'Where it helps, where it hurts',
    short: 'Study',
    content: html`<p>A grid of other settings, ${count(study.seeds.length, 'seed')} each${study.partial && ', stopped early (partial)'}: it shows which way an effect goes, and decides no claim.</p>
${await figures(study, `${paper.title} (study)`, 'study-figure')}
${remarks(study)}
<details class="note"><summary>How to reproduce the study</summary>${reproduce(study, DOWNLOADS.study)}</details>`,
  };
}

/** A demo run with all it has, marked as one. */
export async function demoSection({ paper, standard }: PaperResults, demo: ReportResult): Promise<Section> {
  return {
    id: 'demo',
    title: 'Demo run',
    look: 'demo-run',
    content: html`<div class="banner"><p><strong>A demo, not evidence.</strong> Preset ${demo.preset}, ${count(demo.seeds.length, 'seed')}, ${formatDuration(demo.wallSeconds)}. ${
      standard
        ? 'It shows that the pipeline runs here; the verdicts above come from the committed run.'
        : 'It shows what a run looks like; it is too small for a verdict.'
    }</p></div>
${demo.claims.length > 0 && claimsTable(demo.claims, { label: `Effects in the demo run of ${paper.title}`, prefix: 'demo-claim', demo: true, detailed: true, armInfo: demo.armInfo })}
${await figures(demo, `${paper.title} (demo)`, 'demo-figure')}
${remarks(demo)}
<h3>This run</h3>
${reproduce(demo, DOWNLOADS.demo)}
<h3>Every arm of the demo</h3>
${rawValues(demo)}`,
  };
}
