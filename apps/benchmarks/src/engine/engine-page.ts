import type { Conformance } from '@tensor-papers/workbench';
import { count } from '../format.js';
import { html, type SafeHtml } from '../html.js';
import { renderPage } from '../page.js';
import { contents } from '../paper/section.js';
import { copyable } from '../parts/copyable.js';
import { scrollBox } from '../parts/data-table.js';
import { facts } from '../parts/facts.js';
import { conformanceTable, mark } from './conformance-table.js';
import { caseNames, defectLists, defectsOf, engineName } from './defects.js';
import { byName, byOperation, countRight, DIRECTIONS, type Direction, type Engine } from './outcomes.js';

/** The copy of the table beside the page. */
export const ENGINE_DOWNLOAD = 'conformance.json';

export const ENGINE_TITLE = 'The engine, operation by operation';

/** How many outcomes are right, forward and gradient together, over all engines of one kind. */
function total({ engines, cases }: Conformance, stock: boolean): { right: number; all: number } {
  const counts = engines
    .filter((engine) => engine.stock === stock)
    .flatMap(({ key }) => DIRECTIONS.map((direction) => countRight(cases, key, direction)));
  const sum = (pick: (each: { right: number; all: number }) => number) => counts.reduce((n, each) => n + pick(each), 0);
  return { right: sum(({ right }) => right), all: sum(({ all }) => all) };
}

/** How the table came out, in a few words. */
export function engineSummary(table: Conformance): string {
  const { right, all } = total(table, false);
  return `${right} of ${count(all, 'outcome')} right`;
}

function summaryTable({ engines, cases }: Conformance): SafeHtml {
  const cell = (engine: Engine | undefined, direction: Direction) => {
    if (!engine) return html`<td><span class="muted">not run</span></td>`;
    if (engine.failure !== undefined) return html`<td><span class="muted">did not start</span></td>`;
    const { right, all } = countRight(cases, engine.key, direction);
    return html`<td class="${right === all ? 'all-right' : 'not-all-right'}"><strong>${right}</strong> of ${all}</td>`;
  };
  return scrollBox(
    'Right outcomes by engine',
    html`<table class="data conformance-summary"><thead>
<tr><th scope="col" rowspan="2">Engine</th>${DIRECTIONS.map((direction) => html`<th scope="colgroup" colspan="2">${direction}</th>`)}</tr>
<tr>${DIRECTIONS.map(() => html`<th scope="col">ours</th><th scope="col">stock</th>`)}</tr></thead>
<tbody>${byName(engines).map(
      ({ name, ours, stock }) =>
        html`<tr><th scope="row">${name}</th>${DIRECTIONS.map((direction) => [cell(ours, direction), cell(stock, direction)])}</tr>
`,
    )}</tbody></table>`,
  );
}

function headline(table: Conformance): SafeHtml {
  const [ours, stock] = [total(table, false), total(table, true)];
  const operations = byOperation(table.cases).length;
  return html`<p class="lead">${count(operations, 'operation')} in ${count(table.cases.length, 'case')}, forward and gradient, compared with ${table.about}. With this project ${ours.right} of ${count(ours.all, 'outcome')} are right${
    stock.all > 0 && html`, with TensorFlow.js as it is shipped ${stock.right} of ${stock.all}`
  }.</p>`;
}

/** What our engines do not get right, by name, where one asks for it: beside the counts. */
function notRight({ engines, cases }: Conformance): SafeHtml[] {
  return engines
    .filter(({ stock }) => !stock)
    .map((engine) => ({ engine, defects: defectsOf(cases, engine.key) }))
    .filter(({ defects }) => defects.length > 0)
    .map(
      ({ engine, defects }) =>
        html`<p>Not right, ${engineName(engine)}, in ${caseNames(defects)}. <a href="#defects">What was seen</a></p>`,
    );
}

const CONTENTS = [
  { id: 'operations', title: 'Operations' },
  { id: 'defects', title: 'What is not right' },
  { id: 'how', title: 'How it is checked' },
];

/** The page of the engines' conformance table. */
export function enginePage(table: Conformance): string {
  const { about, versions, engines } = table;
  const versionOf = ({ version }: Engine) => version ?? 'did not start';
  return renderPage({
    title: `${ENGINE_TITLE}: tensor-papers`,
    description: 'Every operation on every engine, forward and gradient, against numbers computed in float64.',
    home: '../index.html',
    body: html`<h1>${ENGINE_TITLE}</h1>
${headline(table)}
${contents(CONTENTS)}
${summaryTable(table)}
${notRight(table)}
<section id="operations" aria-labelledby="operations-title"><h2 id="operations-title">Operations</h2>
<ul class="mark-key" aria-label="What the marks mean">
<li>${mark('ok')}: the numbers agree</li><li>${mark('wrong')}: shape or numbers differ</li><li>${mark('missing')}: no kernel or no gradient</li><li>${mark('failed')}: it throws, or the process ends</li></ul>
<p class="note">An operation stands for its worst case. One mark: forward and gradient alike. <em>ours</em>: after <code>useEngine()</code>; <em>stock</em>: TensorFlow.js as it is shipped.</p>
${conformanceTable(table)}</section>
<section id="defects" aria-labelledby="defects-title"><h2 id="defects-title">What is not right, and what was seen</h2>
${defectLists(table)}</section>
<section id="how" aria-labelledby="how-title"><h2 id="how-title">How it is checked</h2>
<p>Each case fixes inputs, and what flows back into the output. A committed script computes output and gradients in float64; each engine computes them again in a process of its own, and the two are compared number by number.</p>
${facts([
  ['Compared with', about],
  ...Object.entries(versions).map(([name, version]) => [name, version] as const),
  ...engines.filter(({ stock }) => !stock).map((engine) => [`Engine ${engine.name}`, versionOf(engine)] as const),
  ['The table as data', html`<a href="${ENGINE_DOWNLOAD}">${ENGINE_DOWNLOAD}</a>`],
])}
<p>This command makes the table again:</p>
${copyable('npx -y pnpm@10 papers engine conformance --json results/engine.conformance.json', 'Command that makes the table again')}</section>`,
  });
}
