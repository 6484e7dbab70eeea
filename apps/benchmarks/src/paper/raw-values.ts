import { html, type SafeHtml } from '../html.js';
import { copyable } from '../parts/copyable.js';
import { dataTable } from '../parts/data-table.js';
import type { ReportResult } from '../report-result.js';
import { armsTable, metricsOf } from './arms-table.js';

/** Every arm with its mean; folded, a table per metric of arm × seed as measured, and the configuration of the run. */
export function rawValues(result: ReportResult): SafeHtml {
  const { seeds, claims } = result;
  const mean = seeds.length > 1 ? `Mean over ${seeds.length} seeds ± standard deviation.` : 'One seed.';
  const described = Object.keys(result.armInfo ?? {}).length > 0;
  return html`<p class="note">${mean}${claims.length > 0 && ' The claims compare these arms seed by seed.'}${described && ' The words under an arm describe it; they were written before the run.'}</p>
${armsTable(result)}
${metricsOf(result).map(
  (metric) => html`<details><summary>Every seed: ${metric}</summary>${dataTable(`${metric}, arm by seed`, {
    columns: ['Arm', ...seeds.map((seed) => `seed ${seed}`)],
    rows: Object.entries(result.arms)
      .filter(([, values]) => values[metric])
      .map(([arm, values]) => [arm, ...seeds.map((_, index) => values[metric]?.[index] ?? null)]),
  })}</details>
`,
)}
<details><summary>Configuration</summary>${copyable(JSON.stringify(result.config, null, 2), 'Configuration of the run')}</details>`;
}
