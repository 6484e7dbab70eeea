import type { Drawing } from '../charts/standalone-svg.js';
import { html, type SafeHtml } from '../html.js';
import { scrollBox } from '../parts/data-table.js';
import { emptyFigure, type FigureOf, figureFrame, type Placed } from './figure.js';
import { imageInSvg, picture, pngWidth } from './picture.js';

/** Small images are enlarged to this many pixels; larger ones are shown pixel by pixel. */
const LEAST_SIDE = 112;
const GAP = { x: 12, y: 26 };

function drawGrid(images: FigureOf<'image-grid'>['images'], columns: number, side: number): Drawing {
  const cell = { width: side + GAP.x, height: side + GAP.y };
  const cells = images.map(({ image, title }, index) => {
    const [x, y] = [(index % columns) * cell.width, Math.floor(index / columns) * cell.height];
    return html`<g transform="translate(${x} ${y})">${imageInSvg(image, side)}${
      title && html`<text x="0" y="${side + 13}" font-size="10" fill="var(--muted)">${title}</text>`
    }</g>`;
  });
  const rows = Math.ceil(images.length / columns);
  return { markup: html`${cells}`.markup, width: columns * cell.width, height: rows * cell.height };
}

/** Images in rows of a fixed length; a row can show one image through several steps. */
export function renderImageGrid(figure: Placed<'image-grid'>): SafeHtml {
  if (figure.images.length === 0) return emptyFigure(figure, 'No image was recorded.');
  const columns = Math.max(1, Math.min(24, Math.round(figure.columns) || 1));
  const side = Math.max(LEAST_SIDE, ...figure.images.map(({ image }) => pngWidth(image) ?? 0));
  return figureFrame(figure, {
    body: scrollBox(
      figure.title,
      html`<ul class="image-grid" style="grid-template-columns:repeat(${columns},minmax(64px,${side}px))">${figure.images.map(
        ({ image, title }, index) =>
          html`<li>${picture(image, title ?? `${figure.title}, image ${index + 1}`)}${title && html`<span>${title}</span>`}</li>`,
      )}</ul>`,
    ),
    drawing: drawGrid(figure.images, columns, side),
  });
}
