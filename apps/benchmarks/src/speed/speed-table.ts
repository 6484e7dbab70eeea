import type { PeerRow } from '@tensor-papers/workbench';
import { formatBytes, formatNumber } from '../format.js';
import { html, type SafeHtml } from '../html.js';
import { logScale, logScaleLabels, PACES, paceOf, ratioStrip, ratioText, spreadText } from './ratio-strip.js';

const COLUMNS = ['Work', 'Ours', 'Theirs', 'Our time ÷ theirs, log axis', 'Ratio, least to most', 'Peak memory'];

/** Work × both sides, the ratio of their times with its spread, and the ratio of their peak memory. */
export function speedTable(rows: readonly PeerRow[]): SafeHtml {
  const scale = logScale(rows);
  const tableRow = (row: PeerRow) => html`<tr role="row">
<th role="rowheader" scope="row"><span class="statement">${row.work}</span><span class="what">${row.what}</span></th>
<td role="cell" data-label="Ours">${formatNumber(row.ours)} ${row.unit}<span class="what">${row.engine.name} ${row.engine.version}</span></td>
<td role="cell" data-label="Theirs">${formatNumber(row.theirs)} ${row.unit}<span class="what">${row.peer} ${row.peerVersion}</span></td>
<td role="cell" class="plot">${ratioStrip(row, scale)}<span class="row-ticks">${logScaleLabels(scale)}</span></td>
<td role="cell" class="${paceOf(row)}" data-label="Ratio"><strong class="effect-value">${ratioText(row.ratio)}</strong> <span class="interval-value">${spreadText(row)}</span><span class="what">${PACES[paceOf(row)]}</span></td>
<td role="cell" data-label="Peak memory">${ratioText(row.oursPeakRssBytes / row.theirsPeakRssBytes)} ×<span class="what">${formatBytes(row.oursPeakRssBytes)} against ${formatBytes(row.theirsPeakRssBytes)}</span></td>
</tr>
`;
  return html`<table class="claims speed" role="table" aria-label="Speed, against what one would run instead">
<colgroup><col class="c-work"><col class="c-side"><col class="c-side"><col class="c-plot"><col class="c-ratio"><col class="c-memory"></colgroup>
<thead role="rowgroup"><tr role="row">${COLUMNS.map((name) => html`<th role="columnheader" scope="col">${name}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map(tableRow)}<tr class="axis" aria-hidden="true"><td></td><td></td><td></td><td class="plot">${logScaleLabels(scale)}</td><td></td><td></td></tr></tbody>
</table>`;
}
