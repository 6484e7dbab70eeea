import type { SafeHtml } from '../html.js';
import { dataTable } from '../parts/data-table.js';
import { emptyFigure, figureFrame, type Placed } from './figure.js';

/** Columns and rows. */
export function renderTable(figure: Placed<'table'>): SafeHtml {
  if (figure.rows.length === 0) return emptyFigure(figure, 'No rows were recorded.');
  return figureFrame(figure, { body: dataTable(figure.title, figure), csv: figure });
}
