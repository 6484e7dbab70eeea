import { html, type SafeHtml } from '../html.js';
import { scrollBox } from '../parts/data-table.js';
import { figureFrame, type Placed } from './figure.js';
import { picture } from './picture.js';

/** Images in rows of a fixed length; a row can show one image through several steps. */
export function renderImageGrid(figure: Placed<'image-grid'>): SafeHtml {
  if (figure.images.length === 0) return figureFrame(figure, html`<p class="empty">No image was recorded.</p>`);
  const columns = Math.max(1, Math.min(24, Math.round(figure.columns) || 1));
  return figureFrame(
    figure,
    scrollBox(
      figure.title,
      html`<ul class="image-grid" style="grid-template-columns:repeat(${columns},minmax(64px,112px))">${figure.images.map(
        ({ image, title }, index) =>
          html`<li>${picture(image, title ?? `${figure.title}, image ${index + 1}`)}${title && html`<span>${title}</span>`}</li>`,
      )}</ul>`,
    ),
  );
}
