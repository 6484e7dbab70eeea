import { html, type SafeHtml } from '../html.js';
import { copyable } from '../parts/copyable.js';
import { dataTable } from '../parts/data-table.js';
import type { ReportResult } from '../report-result.js';
import { metricsOf } from './arms-table.js';

/** One folded table per metric, arm × seed, as measured; and the configuration of the run. */
export function rawValues(result: ReportResult): SafeHtml {
  return html`${metricsOf(result).map(
    (metric) => html`<details><summary>${metric}</summary>${dataTable(`${metric}, arm by seed`, {
      columns: ['Arm', ...result.seeds.map((seed) => `seed ${seed}`)],
      rows: Object.entries(result.arms)
        .filter(([, values]) => values[metric])
        .map(([arm, values]) => [arm, ...result.seeds.map((_, index) => values[metric]?.[index] ?? null)]),
    })}</details>
`,
  )}
<details><summary>Configuration</summary>${copyable(JSON.stringify(result.config, null, 2), 'Configuration of the run')}</details>`;
}
