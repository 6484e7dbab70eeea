import type { Result } from '@tensor-papers/workbench';
import { claimsTable } from '../claims/claims-table.js';
import { stripKey } from '../claims/how-verdicts-work.js';
import { countStandings, STANDINGS, type Standing } from '../claims/verdict.js';
import { figureAnchors, renderFigure } from '../figures/render-figure.js';
import { count, formatDuration } from '../format.js';
import { html, type SafeHtml } from '../html.js';
import { claimsOf, type PaperResults } from '../paper-results.js';
import { armsTable } from './arms-table.js';
import { reproduce } from './reproduce.js';
import type { Section } from './section.js';

/** Where the result files lie, as links from the paper's page. */
export const DOWNLOADS = { standard: 'standard.json', demo: 'demo.json' } as const;

const ORDER: readonly Standing[] = ['supported', 'contradicted', 'inconclusive', 'none'];

function verdictSentence({ claims, preset, seeds, partial }: Result): string {
  const counts = countStandings(claims);
  const parts = ORDER.filter((standing) => counts[standing] > 0).map(
    (standing) => `${counts[standing]} ${STANDINGS[standing].plural}`,
  );
  const run = `Preset ${preset}, ${count(seeds.length, 'seed')}${partial ? ', stopped early (partial)' : ''}.`;
  return parts.length > 0 ? `Of ${count(claims.length, 'claim')}: ${parts.join(', ')}. ${run}` : run;
}

async function figures(result: Result, prefix: string): Promise<SafeHtml> {
  const anchors = figureAnchors(result.figures, prefix);
  const drawn: SafeHtml[] = [];
  // One after the other: vega holds a whole scene graph per chart.
  for (const [index, figure] of result.figures.entries()) drawn.push(await renderFigure(figure, anchors[index]!));
  return html`${drawn}`;
}

function arms(result: Result): SafeHtml {
  const several = result.seeds.length > 1;
  const notes = result.notes ?? [];
  return html`<p class="note">${several ? `Mean over ${result.seeds.length} seeds ± standard deviation` : 'One seed'}. The claims compare these arms seed by seed.</p>
${armsTable(result)}
${notes.length > 0 && html`<details class="note"><summary>${notes.length === 1 ? 'One remark' : `${notes.length} remarks`} of the run</summary><ul class="prose">${notes.map((note) => html`<li>${note}</li>`)}</ul></details>`}`;
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
${claims.length > 0 && [claimsTable(claims, { label: `Claims of ${paper.title}`, prefix: 'claim', detailed: true }), stripKey('../index.html#verdicts')]}`,
  };
}

/** Arms and figures of the committed run. */
export async function evidenceSections(result: Result): Promise<Section[]> {
  const drawn = result.figures.length > 0 && {
    id: 'figures',
    title: 'Figures',
    content: await figures(result, 'figure'),
  };
  return [{ id: 'arms', title: 'Every arm', short: 'Arms', content: arms(result) }, ...(drawn ? [drawn] : [])];
}

/** A demo run with all it has, marked as one. */
export async function demoSection({ paper, standard }: PaperResults, demo: Result): Promise<Section> {
  return {
    id: 'demo',
    title: 'Demo run',
    look: 'demo-run',
    content: html`<div class="banner"><p><strong>A demo, not evidence.</strong> Preset ${demo.preset}, ${count(demo.seeds.length, 'seed')}, ${formatDuration(demo.wallSeconds)}. ${
      standard
        ? 'It shows that the pipeline runs here; the verdicts above come from the committed run.'
        : 'It shows what a run looks like; it is too small for a verdict.'
    }</p></div>
${claimsTable(demo.claims, { label: `Effects in the demo run of ${paper.title}`, prefix: 'demo-claim', demo: true, detailed: true })}
<h3>Every arm</h3>
${arms(demo)}
${await figures(demo, 'demo-figure')}
<h3>This run</h3>
${reproduce(demo, DOWNLOADS.demo, 4)}`,
  };
}
