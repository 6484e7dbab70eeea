import { html, type SafeHtml } from '../html.js';
import { dataTable } from '../parts/data-table.js';
import { figureFrame, type Placed } from './figure.js';

/** Columns and rows. */
export function renderTable(figure: Placed<'table'>): SafeHtml {
  if (figure.rows.length === 0) return figureFrame(figure, html`<p class="empty">No rows were recorded.</p>`);
  return figureFrame(figure, dataTable(figure.title, figure));
}
