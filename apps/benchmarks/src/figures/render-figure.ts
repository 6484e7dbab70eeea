import type { Figure } from '@tensor-papers/workbench';
import { type SafeHtml, slug } from '../html.js';
import { renderBars } from './bars.js';
import { renderConfusion } from './confusion.js';
import { renderCurve } from './curve.js';
import { renderFormula } from './formula.js';
import { renderGallery } from './gallery.js';
import { renderImageGrid } from './image-grid.js';
import { renderScatter } from './scatter.js';
import { renderTable } from './table.js';

/** Draws one typed figure block. `anchor` is its id in the page. */
export async function renderFigure(figure: Figure, anchor: string): Promise<SafeHtml> {
  switch (figure.kind) {
    case 'curve':
      return renderCurve({ ...figure, anchor });
    case 'bars':
      return renderBars({ ...figure, anchor });
    case 'confusion':
      return renderConfusion({ ...figure, anchor });
    case 'gallery':
      return renderGallery({ ...figure, anchor });
    case 'image-grid':
      return renderImageGrid({ ...figure, anchor });
    case 'scatter':
      return renderScatter({ ...figure, anchor });
    case 'table':
      return renderTable({ ...figure, anchor });
    case 'formula':
      return renderFormula({ ...figure, anchor });
    default:
      return figure satisfies never;
  }
}

/** Anchors of a list of figures: from their ids, so that links stay, and different for figures that share one. */
export function figureAnchors(figures: readonly Figure[], prefix: string): string[] {
  const taken = new Map<string, number>();
  return figures.map(({ id }) => {
    const base = `${prefix}-${slug(id)}`;
    const uses = (taken.get(base) ?? 0) + 1;
    taken.set(base, uses);
    return uses === 1 ? base : `${base}-${uses}`;
  });
}
