import type { Figure } from '@tensor-papers/workbench';
import { type Drawing, standaloneSvg } from '../charts/standalone-svg.js';
import { asHeading } from '../format.js';
import { type Content, html, type SafeHtml, slug } from '../html.js';
import { type TableData, tableBehind, toCsv } from '../parts/data-table.js';
import { dataUri } from '../parts/data-uri.js';
import { type LegendEntry, legend } from '../parts/legend.js';

/** The figure block of one kind. */
export type FigureOf<Kind extends Figure['kind']> = Extract<Figure, { kind: Kind }>;

/** Where a figure stands: the id that it has in its page, and what its numbers come from, in a few words. */
export interface Place {
  anchor: string;
  source: string;
}

/** A figure block and its place. */
export type Placed<Kind extends Figure['kind']> = FigureOf<Kind> & Place;

/** What a figure consists of; what is there can be downloaded. */
export interface FigureParts {
  body: Content;
  /** The figure as one SVG. */
  drawing?: Drawing;
  legend?: readonly LegendEntry[];
  /** The numbers behind the drawing, folded under it. */
  table?: TableData;
  /** What the table leaves out, or how it is to be read. */
  tableNote?: string | undefined;
  /** The numbers, where the body is the table itself. */
  csv?: TableData;
}

interface Block extends Place {
  kind: string;
  id: string;
  title: string;
  caption: string;
  alt: string;
}

/** Downloads that need neither script nor network: the address holds the file. The page's script adds PNG to SVG. */
function downloads(
  { anchor: _, source, ...block }: Block,
  { drawing, legend: entries = [], csv }: FigureParts,
): SafeHtml {
  const { id, title, caption, alt } = block;
  const link = (format: string, address: string) =>
    html`<a download="${slug(id)}.${format}" data-format="${format}" href="${address}" aria-label="${title}: download as ${format.toUpperCase()}">${format.toUpperCase()}</a> `;
  return html`<p class="downloads">Download: ${
    drawing &&
    link(
      'svg',
      dataUri('image/svg+xml', standaloneSvg(drawing, { title, caption, description: alt, source, legend: entries })),
    )
  }${csv && link('csv', dataUri('text/csv', toCsv(csv)))}${link('json', dataUri('application/json', JSON.stringify(block)))}</p>`;
}

/** A figure: title with its link, caption, legend, body, the table behind it, downloads. */
export function figureFrame(figure: Block, parts: FigureParts): SafeHtml {
  const { anchor, kind, title, caption } = figure;
  return html`<figure id="${anchor}" class="figure ${kind}">
<figcaption><h3>${asHeading(title)} <a class="anchor" href="#${anchor}" aria-label="Link to the figure: ${title}">¶</a></h3>${caption && html`<p>${caption}</p>`}</figcaption>
${legend(parts.legend ?? [])}${parts.body}
${parts.table && tableBehind(title, parts.table, parts.tableNote)}
${downloads(figure, parts)}
</figure>
`;
}

/** A figure whose block holds nothing to draw. */
export function emptyFigure(figure: Block, text: string): SafeHtml {
  return figureFrame(figure, { body: html`<p class="empty">${text}</p>` });
}
