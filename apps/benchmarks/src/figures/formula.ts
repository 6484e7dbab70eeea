import { html, type SafeHtml } from '../html.js';
import { typeset } from '../parts/typeset.js';
import { figureFrame, type Placed } from './figure.js';

/** A formula and what it means. */
export function renderFormula(figure: Placed<'formula'>): SafeHtml {
  return figureFrame(figure, { body: html`${typeset(figure.tex, figure.title)}<p>${figure.meaning}</p>` });
}
