import { seriesStyle } from '../charts/theme.js';
import { html, type SafeHtml } from '../html.js';

/** What colours and strokes mean, above a chart: as HTML it wraps on a phone. Nothing for a single series. */
export function legend(names: readonly string[], shape: 'line' | 'dot' | 'square'): SafeHtml | null {
  if (names.length < 2) return null;
  return html`<ul class="legend">${names.map((name, index) => {
    const { colour, dash } = seriesStyle(index);
    const mark =
      shape === 'line'
        ? html`<line x1="0" y1="6" x2="22" y2="6" style="stroke:${colour}" stroke-width="2.5" stroke-dasharray="${dash.join(' ') || 'none'}"/>`
        : shape === 'dot'
          ? html`<circle cx="11" cy="6" r="5" style="fill:${colour}"/>`
          : html`<rect x="5" y="0" width="12" height="12" rx="2" style="fill:${colour}"/>`;
    return html`<li><svg class="key" width="22" height="12" aria-hidden="true">${mark}</svg>${name}</li>`;
  })}</ul>`;
}
