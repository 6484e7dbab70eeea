import type { Conformance } from '@tensor-papers/workbench';
import { html, type SafeHtml } from '../html.js';
import { scrollBox } from '../parts/data-table.js';
import { byName, byOperation, type Case, DIRECTIONS, type Engine, type Status, worstStatus } from './outcomes.js';

const SIGNS: Record<Status, string> = { ok: '✓', wrong: '✗', missing: '○', failed: '!' };

/** A status as sign and word. */
export const mark = (status: Status): SafeHtml =>
  html`<span class="mark ${status}"><span aria-hidden="true">${SIGNS[status]}</span> ${status}</span>`;

/** The engines of a table, each with its heading. */
function columns(engines: readonly Engine[]): { name: string; variants: { label: string; key: string }[] }[] {
  return byName(engines).map(({ name, ours, stock }) => ({
    name,
    variants: [
      ...(ours ? [{ label: 'ours', key: ours.key }] : []),
      ...(stock ? [{ label: 'stock', key: stock.key }] : []),
    ],
  }));
}

/** What an engine makes of an operation: one word where both directions agree, or where there is one only. */
function cell(cases: readonly Case[], key: string): SafeHtml {
  const [forward, gradient] = DIRECTIONS.map((direction) => worstStatus(cases, key, direction));
  if (!forward) return html`<td><span class="muted">not run</span></td>`;
  if (!gradient || gradient === forward) return html`<td>${mark(forward)}</td>`;
  return html`<td>${mark(forward)} <span class="way">forward</span><br>${mark(gradient)} <span class="way">gradient</span></td>`;
}

const hasGradient = (cases: readonly Case[]) =>
  cases.some(({ results }) => Object.values(results).some(({ gradient }) => gradient !== null));

/** Operation × engine, as this project repairs it and as TensorFlow.js ships it. */
export function conformanceTable({ engines, cases }: Conformance): SafeHtml {
  const groups = columns(engines);
  const variants = groups.flatMap((group) => group.variants);
  return scrollBox(
    'Operations by engine',
    html`<table class="data conformance">
<thead><tr><th scope="col" rowspan="2">Operation</th>${groups.map(
      ({ name, variants: { length } }) => html`<th scope="colgroup" colspan="${length}">${name}</th>`,
    )}</tr>
<tr>${variants.map(({ label }) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${byOperation(cases).map(
      ([
        op,
        group,
      ]) => html`<tr><th scope="row">${op}${!hasGradient(group) && html` <span class="way">forward only</span>`}</th>${variants.map(({ key }) => cell(group, key))}</tr>
`,
    )}</tbody></table>`,
  );
}
