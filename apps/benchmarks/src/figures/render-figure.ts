import type { Figure } from '@tensor-papers/workbench';
import { type SafeHtml, slug } from '../html.js';
import { isUnknown, type ReportFigure } from '../report-result.js';
import { renderBars } from './bars.js';
import { renderConfusion } from './confusion.js';
import { renderCurve } from './curve.js';
import type { Place } from './figure.js';
import { renderFormula } from './formula.js';
import { renderGallery } from './gallery.js';
import { renderImageGrid } from './image-grid.js';
import { renderScatter } from './scatter.js';
import { renderTable } from './table.js';
import { renderUnknown } from './unknown.js';

/** Draws one figure block at its place in a page. */
export async function renderFigure(block: ReportFigure, place: Place): Promise<SafeHtml> {
  if (isUnknown(block)) return renderUnknown({ ...block, ...place });
  const figure = { ...(block as Figure), ...place };
  switch (figure.kind) {
    case 'curve':
      return renderCurve(figure);
    case 'bars':
      return renderBars(figure);
    case 'confusion':
      return renderConfusion(figure);
    case 'gallery':
      return renderGallery(figure);
    case 'image-grid':
      return renderImageGrid(figure);
    case 'scatter':
      return renderScatter(figure);
    case 'table':
      return renderTable(figure);
    case 'formula':
      return renderFormula(figure);
    default:
      return figure satisfies never;
  }
}

/** Anchors of a list of figures: from their ids, so that links stay, and different for figures that share one. */
export function figureAnchors(figures: readonly { id: string }[], prefix: string): string[] {
  const taken = new Map<string, number>();
  return figures.map(({ id }) => {
    const base = `${prefix}-${slug(id)}`;
    const uses = (taken.get(base) ?? 0) + 1;
    taken.set(base, uses);
    return uses === 1 ? base : `${base}-${uses}`;
  });
}
