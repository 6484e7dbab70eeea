import { decimals, formatNumber, sharedDecimals } from '../format.js';
import { html, type SafeHtml } from '../html.js';
import { scrollBox } from '../parts/data-table.js';
import type { ReportResult } from '../report-result.js';

/** Mean and standard deviation (n − 1) of the values that are numbers. */
export function summarise(
  values: readonly (number | null)[],
): { mean: number; deviation: number | null; n: number } | null {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length === 0) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  if (known.length === 1) return { mean, deviation: null, n: 1 };
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (known.length - 1)), n: known.length };
}

/** The metrics of a result, in the order in which its arms name them. */
export function metricsOf(result: Pick<ReportResult, 'arms'>): string[] {
  return [...new Set(Object.values(result.arms).flatMap((metrics) => Object.keys(metrics)))];
}

/** Every arm × metric: mean over the seeds ± standard deviation. */
export function armsTable(result: ReportResult): SafeHtml {
  const metrics = metricsOf(result);
  const arms = Object.entries(result.arms);
  if (arms.length === 0) return html`<p class="empty">The run recorded no arm.</p>`;
  // Two significant digits of the spread: what lies behind them differs from seed to seed.
  const digits = new Map(
    metrics.map((metric) => {
      const summaries = arms.flatMap(([, values]) => summarise(values[metric] ?? []) ?? []);
      const deviations = summaries.flatMap(({ deviation }) => deviation || []).sort((a, b) => a - b);
      const places =
        deviations.length > 0 ? Math.max(0, decimals(deviations[Math.floor(deviations.length / 2)]!) - 1) : 6;
      return [metric, Math.min(places, sharedDecimals(summaries.map(({ mean }) => mean)))];
    }),
  );
  const cell = (values: readonly (number | null)[] | undefined, metric: string) => {
    const summary = summarise(values ?? []);
    if (!summary) return '–';
    const places = digits.get(metric) ?? 2;
    return html`${formatNumber(summary.mean, places)}${summary.deviation !== null && html` <span class="muted">± ${formatNumber(summary.deviation, places)}</span>`}`;
  };
  return scrollBox(
    'Every arm, mean over the seeds',
    html`<table class="data arms"><caption class="hidden">Every arm, mean over the seeds</caption>
<thead><tr><th scope="col">Arm</th>${metrics.map((metric) => html`<th scope="col" class="number">${metric}</th>`)}</tr></thead>
<tbody>${arms.map(
      ([
        arm,
        values,
      ]) => html`<tr><th scope="row">${arm}${result.armInfo?.[arm] && html`<span class="what">${result.armInfo[arm]}</span>`}</th>${metrics.map((metric) => html`<td class="number">${cell(values[metric], metric)}</td>`)}</tr>
`,
    )}</tbody></table>`,
  );
}
