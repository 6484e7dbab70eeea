import katex from 'katex';
import { html, type SafeHtml, trustedMarkup } from '../html.js';

/** A formula could not be read. */
export class FormulaError extends Error {
  readonly code = 'report/bad-formula';
}

/**
 * TeX as MathML, which browsers draw and screen readers read without fonts or scripts of ours.
 * @throws FormulaError naming the formula
 */
export function typeset(tex: string, name: string, { display = true } = {}): SafeHtml {
  try {
    const markup = katex.renderToString(tex, {
      output: 'mathml',
      displayMode: display,
      throwOnError: true,
      strict: 'ignore',
    });
    if (!display) return trustedMarkup(markup);
    return html`<div class="formula" role="region" aria-label="${name}" tabindex="0">${trustedMarkup(markup)}</div>`;
  } catch (error) {
    throw new FormulaError(`the formula "${name}" is not TeX that KaTeX reads: ${(error as Error).message}`);
  }
}
