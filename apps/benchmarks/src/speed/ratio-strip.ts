import type { PeerRow } from '@tensor-papers/workbench';
import { formatSignificant, rangeDigits } from '../format.js';
import { html, type SafeHtml } from '../html.js';

/** How a comparison came out: every pair on one side, or pairs on both. */
export type Pace = 'faster' | 'slower' | 'even';

export const PACES: Record<Pace, string> = {
  faster: 'faster in every pair',
  slower: 'slower in every pair',
  even: 'pairs on both sides',
};

export function paceOf({ ratioMin, ratioMax }: Pick<PeerRow, 'ratioMin' | 'ratioMax'>): Pace {
  if (ratioMax < 1) return 'faster';
  return ratioMin > 1 ? 'slower' : 'even';
}

/** Significant digits of a ratio: hundredths near 1. */
const digitsOf = (ratio: number) => (ratio < 0.995 ? 2 : 3);

/** A ratio for reading. */
export const ratioText = (ratio: number) => formatSignificant(ratio, digitsOf(ratio));

/** The least and the most of the pairs, for reading. */
export function spreadText({ ratioMin, ratioMax }: Pick<PeerRow, 'ratioMin' | 'ratioMax'>): string {
  const shown = (ratio: number) =>
    formatSignificant(ratio, Math.max(digitsOf(ratio), rangeDigits(ratioMin, ratioMax, 2)));
  return `${shown(ratioMin)} to ${shown(ratioMax)}`;
}

/** A stretch of ratios on a logarithmic axis, 1 within it. */
export interface LogScale {
  from: number;
  to: number;
  ticks: readonly number[];
}

/** Percent of the stretch that separate tick labels at least. */
const TICK_DISTANCE = 15;
const FINE_TICKS = [0.5, 2, 0.75, 1.5, 0.9, 1.1, 0.25, 4];

const share = ({ from, to }: Omit<LogScale, 'ticks'>, ratio: number) =>
  (100 * Math.log(Math.min(to, Math.max(from, ratio)) / from)) / Math.log(to / from);

/** A scale with every spread on it; ticks are 1, powers of ten or two, and finer ones where there is room. */
export function logScale(rows: readonly Pick<PeerRow, 'ratioMin' | 'ratioMax'>[]): LogScale {
  const from = Math.min(0.8, ...rows.map(({ ratioMin }) => ratioMin)) / 1.12;
  const to = Math.max(1.25, ...rows.map(({ ratioMax }) => ratioMax)) * 1.12;
  const tens = [1, 2, 3].flatMap((power) => [10 ** -power, 10 ** power]);
  const ticks: number[] = [];
  for (const tick of [1, ...tens, ...FINE_TICKS]) {
    const place = share({ from, to }, tick);
    const apart = ticks.every((other) => Math.abs(share({ from, to }, other) - place) >= TICK_DISTANCE);
    if (tick > from && tick < to && apart) ticks.push(tick);
  }
  return { from, to, ticks: ticks.sort((a, b) => a - b) };
}

const percent = (scale: LogScale, ratio: number) => `${share(scale, ratio).toFixed(2)}%`;

/** The scale's tick labels, under strips. */
export function logScaleLabels(scale: LogScale): SafeHtml {
  return html`<span class="ticks" aria-hidden="true">${scale.ticks.map(
    (tick) => html`<span style="left:${percent(scale, tick)}">${String(tick)}</span>`,
  )}</span>`;
}

/** The ratio as a bar from 1, and the spread of the pairs as a line, on a logarithmic axis. */
export function ratioStrip(row: PeerRow, scale: LogScale): SafeHtml {
  const at = (ratio: number) => percent(scale, ratio);
  const [left, right] = [Math.min(1, row.ratio), Math.max(1, row.ratio)];
  const width = `${(share(scale, right) - share(scale, left)).toFixed(2)}%`;
  const said = `${row.work}: ${ratioText(row.ratio)} of their time, pairs from ${spreadText(row)}`;
  return html`<svg class="strip ratio ${paceOf(row)}" role="img" aria-label="${said}" width="100%" height="28">
<rect class="bar" x="${at(left)}" y="6" width="${width}" height="16"/>
<line class="zero" x1="${at(1)}" x2="${at(1)}" y1="0" y2="28"/>
<line class="spread" x1="${at(row.ratioMin)}" x2="${at(row.ratioMax)}" y1="14" y2="14"/>
<line class="spread" x1="${at(row.ratioMin)}" x2="${at(row.ratioMin)}" y1="10" y2="18"/>
<line class="spread" x1="${at(row.ratioMax)}" x2="${at(row.ratioMax)}" y1="10" y2="18"/>
</svg>`;
}
