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

/** Everything that an engine did not get right. */
function defectsOf(cases: readonly Case[], key: string): Defect[] {
  return cases.flatMap(({ id, results }) =>
    DIRECTIONS.flatMap((direction) => {
      const outcome = results[key]?.[direction];
      return outcome && outcome.status !== 'ok' ? [{ id, direction, outcome }] : [];
    }),
  );
}

const engineName = ({ name, stock }: Engine) => (stock ? `${name}, stock` : `${name}, ours`);

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

/** The defects of every engine, folded; ours first. */
export function defectLists({ engines, cases }: Conformance): SafeHtml {
  const ordered = [...engines].sort((a, b) => Number(a.stock) - Number(b.stock));
  return html`${ordered.map((engine) => {
    if (engine.failure !== undefined) return html`<p>${engineName(engine)}: did not start: ${engine.failure}</p>`;
    const defects = defectsOf(cases, engine.key);
    if (defects.length === 0) return html`<p>${engineName(engine)}: nothing.</p>`;
    return html`<details><summary>${engineName(engine)}: ${count(defects.length, 'outcome')}</summary>${defectsTable(engine, defects)}</details>`;
  })}`;
}
