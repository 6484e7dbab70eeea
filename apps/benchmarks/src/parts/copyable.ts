import { html, type SafeHtml } from '../html.js';

/** Text to take away, in its own scrolling box; the page's script adds a button that copies it. */
export function copyable(text: string, what: string): SafeHtml {
  return html`<div class="copyable" data-copy="${what}"><pre tabindex="0" role="group" aria-label="${what}"><code>${text}</code></pre></div>`;
}
