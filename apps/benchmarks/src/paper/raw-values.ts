import type { Result } from '@tensor-papers/workbench';
import { html, type SafeHtml } from '../html.js';
import { dataTable } from '../parts/data-table.js';
import { metricsOf } from './arms-table.js';

/** One folded table per metric: arm × seed, as measured. */
export function rawValues(result: Result): SafeHtml {
  return html`${metricsOf(result).map(
    (metric) => html`<details><summary>${metric}</summary>${dataTable(`${metric}, arm by seed`, {
      columns: ['Arm', ...result.seeds.map((seed) => `seed ${seed}`)],
      rows: Object.entries(result.arms)
        .filter(([, values]) => values[metric])
        .map(([arm, values]) => [arm, ...result.seeds.map((_, index) => values[metric]?.[index] ?? null)]),
    })}</details>
`,
  )}`;
}
