import { type Content, html, type SafeHtml } from '../html.js';

/** Names and what stands behind them. */
export function facts(entries: readonly (readonly [string, Content])[]): SafeHtml {
  return html`<dl class="facts">${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}
