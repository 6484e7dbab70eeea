import { seriesStyle } from '../charts/theme.js';
import { html, type SafeHtml } from '../html.js';

/** What one colour or stroke means. */
export interface LegendEntry {
  name: string;
  shape: 'line' | 'dot' | 'square';
  colour: string;
  dash?: readonly number[];
}

/** How that which a chart's marks are to be compared with is drawn. */
export const REFERENCE_STYLE = { colour: 'var(--reference)', dash: [5, 4] } as const;

/** The entries of series by name, in the order of their colours; none for a single series, which needs no key. */
export function seriesEntries(names: readonly string[], shape: LegendEntry['shape']): LegendEntry[] {
  return names.length < 2 ? [] : names.map((name, index) => ({ name, shape, ...seriesStyle(index) }));
}

/** The mark of an entry, 22 × 12. */
export function legendMark({ shape, colour, dash = [] }: LegendEntry): SafeHtml {
  if (shape === 'dot') return html`<circle cx="11" cy="6" r="5" fill="${colour}"/>`;
  if (shape === 'square') return html`<rect x="5" y="0" width="12" height="12" rx="2" fill="${colour}"/>`;
  return html`<line x1="0" y1="6" x2="22" y2="6" stroke="${colour}" stroke-width="2.5" stroke-dasharray="${dash.join(' ') || 'none'}"/>`;
}

/** What colours and strokes mean, above a chart: as HTML it wraps on a phone. */
export function legend(entries: readonly LegendEntry[]): SafeHtml | null {
  if (entries.length === 0) return null;
  return html`<ul class="legend">${entries.map(
    (entry) =>
      html`<li><svg class="key" width="22" height="12" aria-hidden="true">${legendMark(entry)}</svg>${entry.name}</li>`,
  )}</ul>`;
}
