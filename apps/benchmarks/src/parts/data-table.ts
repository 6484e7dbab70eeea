import { formatNumber, formatSignificant, sharedDecimals } from '../format.js';
import { type Content, html, type SafeHtml } from '../html.js';

/** A cell as it comes from a result file. */
export type Cell = string | number | boolean | null;

/** Columns by name and rows of cells. */
export interface TableData {
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** A region that scrolls sideways by itself, also by keyboard, so that the page never does. */
export function scrollBox(label: string, content: Content): SafeHtml {
  return html`<div class="scroll" role="group" aria-label="${label}" tabindex="0">${content}</div>`;
}

/** A table of data: numbers of a column share their decimal places and stand to the right; the first column heads its row. */
export function dataTable(label: string, { columns, rows }: TableData): SafeHtml {
  const numeric = columns.map((_, column) => {
    const cells = rows.map((row) => row[column]).filter((cell) => cell !== null && cell !== undefined && cell !== '');
    return cells.length > 0 && cells.every((cell) => typeof cell === 'number');
  });
  const digits = columns.map((_, column) =>
    sharedDecimals(rows.map((row) => row[column]).filter((cell): cell is number => typeof cell === 'number')),
  );
  const show = (cell: Cell | undefined, column: number): Content => {
    if (typeof cell === 'number') {
      if (!numeric[column] || !digits[column]) return formatNumber(cell);
      // What is small beside the rest of its column is not shown as zero.
      const vanishes = cell !== 0 && Number(cell.toFixed(digits[column])) === 0;
      return vanishes ? formatSignificant(cell, 2) : formatNumber(cell, digits[column]);
    }
    // A line breaks before ±, not on both sides of it.
    return cell === null || cell === undefined ? '–' : String(cell).replaceAll(' ± ', ' ±\u00a0');
  };
  const kind = (column: number) => (numeric[column] ? 'number' : 'text');
  return scrollBox(
    label,
    html`<table class="data"><caption class="hidden">${label}</caption>
<thead><tr>${columns.map((name, column) => html`<th scope="col" class="${kind(column)}">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
      (row) => html`<tr>${columns.map((_, column) =>
        column === 0
          ? html`<th scope="row" class="${kind(column)}">${show(row[column], column)}</th>`
          : html`<td class="${kind(column)}">${show(row[column], column)}</td>`,
      )}</tr>
`,
    )}</tbody>
</table>`,
  );
}

/** The table behind a chart, folded. */
export function tableBehind(label: string, data: TableData, note?: string): SafeHtml {
  return html`<details class="behind"><summary>Data as a table</summary>${note && html`<p class="note">${note}</p>`}${dataTable(label, data)}</details>`;
}

/** A table as comma-separated values (RFC 4180). */
export function toCsv({ columns, rows }: TableData): string {
  const quote = (cell: Cell | undefined) => {
    const text = String(cell ?? '');
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => `${row.map(quote).join(',')}\r\n`).join('');
}
