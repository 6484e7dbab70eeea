import type { Conformance } from '@tensor-papers/workbench';
import { count } from '../format.js';
import { html, type SafeHtml } from '../html.js';
import { scrollBox } from '../parts/data-table.js';
import { mark } from './conformance-table.js';
import { type Case, DIRECTIONS, type Direction, type Engine, type Outcome } from './outcomes.js';

interface Defect {
  id: string;
  direction: Direction;
  outcome: Outcome;
}

/** So many cases are named; all of them are in the list. */
const NAMED = 10;

/** Everything that an engine did not get right. */
export function defectsOf(cases: readonly Case[], key: string): Defect[] {
  return cases.flatMap(({ id, results }) =>
    DIRECTIONS.flatMap((direction) => {
      const outcome = results[key]?.[direction];
      return outcome && outcome.status !== 'ok' ? [{ id, direction, outcome }] : [];
    }),
  );
}

/** How many cases are not right, and the first of them by name. */
export function caseNames(defects: readonly Defect[]): SafeHtml {
  const ids = [...new Set(defects.map(({ id }) => id))];
  const more = ids.length - NAMED;
  return html`${count(ids.length, 'case')}: ${ids.slice(0, NAMED).map((id, index) => html`${index > 0 && ', '}<code>${id}</code>`)}${more > 0 && ` and ${more} more`}`;
}

export const engineName = ({ name, stock }: Engine) => (stock ? `${name}, stock` : `${name}, ours`);

function defectsTable(engine: Engine, defects: readonly Defect[]): SafeHtml {
  return scrollBox(
    `What is not right: ${engineName(engine)}`,
    html`<table class="data"><thead><tr><th scope="col">Case</th><th scope="col">Direction</th><th scope="col">Outcome</th><th scope="col">What was seen</th></tr></thead>
<tbody>${defects.map(
      ({ id, direction, outcome }) =>
        html`<tr><th scope="row">${id}</th><td>${direction}</td><td>${mark(outcome.status)}</td><td class="text">${outcome.message ?? '–'}</td></tr>
`,
    )}</tbody></table>`,
  );
}

/** The defects of every engine, ours first: the cases by name, what was seen folded. */
export function defectLists({ engines, cases }: Conformance): SafeHtml {
  const ordered = [...engines].sort((a, b) => Number(a.stock) - Number(b.stock));
  return html`${ordered.map((engine) => {
    if (engine.failure !== undefined) return html`<p>${engineName(engine)}: did not start: ${engine.failure}</p>`;
    const defects = defectsOf(cases, engine.key);
    if (defects.length === 0) return html`<p>${engineName(engine)}: nothing.</p>`;
    return html`<p>${engineName(engine)}: ${count(defects.length, 'outcome')} in ${caseNames(defects)}.</p>
<details><summary>What was seen: ${engineName(engine)}</summary>${defectsTable(engine, defects)}</details>`;
  })}`;
}
