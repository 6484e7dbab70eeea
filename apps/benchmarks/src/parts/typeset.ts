import katex from 'katex';
import { html, type SafeHtml, trustedMarkup } from '../html.js';

/** A formula could not be read. */
export class FormulaError extends Error {
  readonly code = 'report/bad-formula';
}

/**
 * TeX as HTML for the eye ({@link mathStyle} gives its style) and MathML for screen readers. Not MathML alone: without a mathematical font,
 * which phones and many Linux systems lack, browsers hardly lower its subscripts.
 * @throws FormulaError naming the formula
 */
export function typeset(tex: string, name: string, { display = true } = {}): SafeHtml {
  try {
    const markup = katex.renderToString(tex, {
      output: 'htmlAndMathml',
      displayMode: display,
      throwOnError: true,
      strict: 'ignore',
    });
    if (!display) return trustedMarkup(markup);
    return html`<div class="formula" role="group" aria-label="Formula: ${name}" tabindex="0">${trustedMarkup(markup)}</div>`;
  } catch (error) {
    throw new FormulaError(`the formula "${name}" is not TeX that KaTeX reads: ${(error as Error).message}`);
  }
}
