import type { Figure } from '@tensor-papers/workbench';
import { type Content, html, type SafeHtml } from '../html.js';

/** The figure block of one kind. */
export type FigureOf<Kind extends Figure['kind']> = Extract<Figure, { kind: Kind }>;

/** A figure with the id that it has in its page. */
export type Placed<Kind extends Figure['kind']> = FigureOf<Kind> & { anchor: string };

/** What every figure has around its drawing: a title that links to itself, and the caption. */
export function figureFrame(
  figure: { anchor: string; title: string; caption: string; kind: string },
  body: Content,
): SafeHtml {
  return html`<figure id="${figure.anchor}" class="figure ${figure.kind}">
<figcaption><h3><a class="self" href="#${figure.anchor}">${figure.title}</a></h3>${figure.caption && html`<p>${figure.caption}</p>`}</figcaption>
${body}
</figure>
`;
}
