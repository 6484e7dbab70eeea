import { asHeading } from '../format.js';
import { html, type SafeHtml, slug } from '../html.js';
import { typeset } from '../parts/typeset.js';
import type { PaperInfo } from '../read-papers.js';

/** The method's equations, each with the function that computes it. */
export function equationList({ equations }: PaperInfo): SafeHtml {
  return html`<ol class="equations">${equations.map(
    ({ id, title, tex, meaning, symbol }) => html`<li id="equation-${slug(id)}">
<h3>${asHeading(title)}</h3>${tex && typeset(tex, title)}${meaning && html`<p>${meaning}</p>`}${symbol && html`<p class="note">In code: <code>${symbol}</code></p>`}
</li>
`,
  )}</ol>`;
}
