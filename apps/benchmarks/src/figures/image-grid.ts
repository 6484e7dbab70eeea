import type { Drawing } from '../charts/standalone-svg.js';
import { html, type SafeHtml } from '../html.js';
import { scrollBox } from '../parts/data-table.js';
import { emptyFigure, type FigureOf, figureFrame, type Placed } from './figure.js';
import { imageInSvg, picture } from './picture.js';

const CELL = { image: 84, width: 96, height: 108 };

function drawGrid(images: FigureOf<'image-grid'>['images'], columns: number): Drawing {
  const cells = images.map(({ image, title }, index) => {
    const [x, y] = [(index % columns) * CELL.width, Math.floor(index / columns) * CELL.height];
    return html`<g transform="translate(${x} ${y})">${imageInSvg(image, CELL.image)}${
      title && html`<text x="0" y="${CELL.image + 13}" font-size="10" fill="var(--muted)">${title}</text>`
    }</g>`;
  });
  const rows = Math.ceil(images.length / columns);
  return { markup: html`${cells}`.markup, width: columns * CELL.width, height: rows * CELL.height };
}

/** Images in rows of a fixed length; a row can show one image through several steps. */
export function renderImageGrid(figure: Placed<'image-grid'>): SafeHtml {
  if (figure.images.length === 0) return emptyFigure(figure, 'No image was recorded.');
  const columns = Math.max(1, Math.min(24, Math.round(figure.columns) || 1));
  return figureFrame(figure, {
    body: scrollBox(
      figure.title,
      html`<ul class="image-grid" style="grid-template-columns:repeat(${columns},minmax(64px,112px))">${figure.images.map(
        ({ image, title }, index) =>
          html`<li>${picture(image, title ?? `${figure.title}, image ${index + 1}`)}${title && html`<span>${title}</span>`}</li>`,
      )}</ul>`,
    ),
    drawing: drawGrid(figure.images, columns),
  });
}
