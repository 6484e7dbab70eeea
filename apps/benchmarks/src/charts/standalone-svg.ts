import { readFileSync } from 'node:fs';
import { html, trustedMarkup } from '../html.js';
import { type LegendEntry, legendMark } from '../parts/legend.js';
import { textWidth } from './theme.js';

/** Something drawn, as the content of an SVG; width and height in px. */
export interface Drawing {
  markup: string;
  width: number;
  height: number;
}

/** What stands around a drawing that is looked at outside of its page. */
export interface Surrounding {
  title: string;
  caption: string;
  description: string;
  /** What the numbers come from. */
  source: string;
  legend: readonly LegendEntry[];
}

const [lightRules = ''] = /:root \{[^}]*\}/.exec(
  readFileSync(new URL('../styles/tokens.css', import.meta.url), 'utf8'),
) ?? [''];
const LIGHT = new Map([...lightRules.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name!, value!]));

/** Puts colours in the place of the page's variables, which a file of its own does not have. @throws Error naming a variable that no token sets */
export function resolveColours(markup: string): string {
  return markup.replace(/var\((--[\w-]+)\)/g, (_, name: string) => {
    const value = LIGHT.get(name);
    if (!value) throw new Error(`the drawing uses ${name}, which tokens.css does not set`);
    return value;
  });
}

/** Breaks a text into lines that fit a width. */
export function wrapText(text: string, width: number, fontSize: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`, fontSize) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Places legend entries from left to right, in as many rows as it takes. */
function placeLegend(entries: readonly LegendEntry[], width: number) {
  let [x, row] = [0, 0];
  const placed = entries.map((entry) => {
    const needed = 28 + textWidth(entry.name, 13);
    if (x > 0 && x + needed > width) [x, row] = [0, row + 1];
    const place = { entry, x, y: row * 22 };
    x += needed + 20;
    return place;
  });
  return { placed, height: entries.length > 0 ? (row + 1) * 22 + 6 : 0 };
}

const MARGIN = 16;

/** A figure as a file of its own: title, caption, legend, drawing and source, in the colours of the light page. */
export function standaloneSvg(drawing: Drawing, { title, caption, description, source, legend }: Surrounding): string {
  const inner = Math.max(drawing.width, 420);
  const blocks = [
    { lines: wrapText(title, inner, 17), size: 17, leading: 24, fill: 'var(--text)', weight: 600 },
    { lines: wrapText(caption, inner, 13), size: 13, leading: 19, fill: 'var(--muted)', weight: 400 },
  ];
  let y = MARGIN;
  const text = blocks.map(({ lines, size, leading, fill, weight }) =>
    lines.map((line) => {
      y += leading;
      return html`<text x="0" y="${y - 6}" font-size="${size}" font-weight="${weight}" fill="${fill}">${line}</text>`;
    }),
  );
  const keys = placeLegend(legend, inner);
  const legendTop = y + 10;
  const chartTop = legendTop + keys.height;
  const height = Math.ceil(chartTop + drawing.height + 34);
  const width = Math.ceil(inner + 2 * MARGIN);
  const { markup } =
    html`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif"><title>${title}</title><desc>${description}</desc><rect width="100%" height="100%" fill="var(--paper)"/><g transform="translate(${MARGIN} 0)">${text}<g transform="translate(0 ${legendTop})">${keys.placed.map(
      ({ entry, x, y }) =>
        html`<g transform="translate(${x.toFixed(1)} ${y})">${legendMark(entry)}<text x="28" y="10.5" font-size="13" fill="var(--text)">${entry.name}</text></g>`,
    )}</g><g transform="translate(0 ${chartTop})">${trustedMarkup(drawing.markup)}</g><text x="0" y="${height - 12}" font-size="11" fill="var(--muted)">${source}</text></g></svg>`;
  return resolveColours(markup);
}
