import type { ClaimResult } from '@tensor-papers/workbench';
import { formatExact } from '../format.js';
import { html, type SafeHtml } from '../html.js';
import { claimedRegion } from './claimed-region.js';
import { effectText, intervalText, unitSuffix } from './in-words.js';
import { standingOf } from './verdict.js';

type Shown = Pick<ClaimResult, 'effect' | 'ci95' | 'kind' | 'better' | 'margin' | 'unit' | 'verdict'>;

/** The stretch of effects that strips of one unit share, so that they can be compared down a table. */
export interface Scale {
  from: number;
  to: number;
  ticks: readonly number[];
}

/** Round tick values within a stretch, three to six of them. */
export function roundTicks(from: number, to: number): number[] {
  const rough = (to - from) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** A claim that reaches so many times as far as the middle one would leave the others no room; it is drawn as lying beyond the scale. */
const farthest = 8;

/** The values of a claim that a strip shows. */
function valuesOf(claim: Shown): number[] {
  const { from, to } = claimedRegion(claim);
  return [0, from, to, claim.effect ?? 0, ...(claim.ci95 ?? [])].filter(Number.isFinite);
}

/** The claims that share a scale: of those with an effect all but the ones whose effect is of another size. */
function comparable<C extends Shown>(all: readonly C[]): readonly C[] {
  const claims = all.filter(({ effect }) => effect !== null);
  const reach = (claim: Shown) => Math.max(...valuesOf(claim).map(Math.abs));
  const middle = claims.map(reach).sort((a, b) => a - b)[Math.floor(claims.length / 2)] ?? 0;
  return middle > 0 ? claims.filter((claim) => reach(claim) <= farthest * middle) : claims;
}

/**
 * A scale with zero, margins, effects and intervals on it.
 *
 * @param others further values of a claim that are to be drawn
 */
export function sharedScale<C extends Shown>(
  claims: readonly C[],
  others: (claim: C) => readonly number[] = () => [],
): Scale {
  const values = comparable(claims).flatMap((claim) => [...valuesOf(claim), ...others(claim).filter(Number.isFinite)]);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const room = (high - low || 1) * 0.08;
  const [from, to] = [low - room, high + room];
  return { from, to, ticks: roundTicks(from, to) };
}

function positions({ from, to }: Scale): (value: number) => string {
  return (value) => `${Math.min(100, Math.max(0, ((value - from) / (to - from)) * 100)).toFixed(2)}%`;
}

/** The scale's tick labels, under strips. */
export function scaleLabels(scale: Scale, unit: string): SafeHtml {
  const at = positions(scale);
  const last = scale.ticks.length - 1;
  return html`<span class="ticks" aria-hidden="true">${scale.ticks.map(
    (tick, index) =>
      html`<span style="left:${at(tick)}">${tick > 0 && '+'}${formatExact(tick)}${index === last && html`<span class="unit">${unitSuffix(unit)}</span>`}</span>`,
  )}</span>`;
}

/**
 * One claim's effect (dot) and 95 % interval (line) on a scale; the shaded stretch is what the claim asserts; below, a tick per seed.
 * Positions are percentages: the strip fits any width without being drawn again.
 */
export function forestStrip(claim: Shown, scale: Scale, name: string, seeds: readonly number[] = []): SafeHtml {
  const at = positions(scale);
  const { from, to } = claimedRegion(claim);
  const left = at(Math.max(from, scale.from));
  const right = at(Math.min(to, scale.to));
  const width = `${(Number.parseFloat(right) - Number.parseFloat(left)).toFixed(2)}%`;
  const standing = standingOf(claim);
  const edges = [from, to].filter((edge) => Number.isFinite(edge) && edge !== 0);
  const said =
    claim.effect === null
      ? `${name}: no effect measured`
      : `${name}: effect ${effectText(claim.effect, claim.unit)}${claim.ci95 ? `, 95 % interval ${intervalText(claim.ci95)}` : ''}`;
  return html`<svg class="strip ${standing}" role="img" aria-label="${said}" width="100%" height="28">
<rect class="region" x="${left}" y="2" width="${width}" height="24"/>
<line class="zero" x1="${at(0)}" x2="${at(0)}" y1="0" y2="28"/>
${edges.map((edge) => html`<line class="margin" x1="${at(edge)}" x2="${at(edge)}" y1="2" y2="26"/>`)}
${claim.ci95 && claim.ci95[0] < scale.to && claim.ci95[1] > scale.from && html`<line class="interval" x1="${at(claim.ci95[0])}" x2="${at(claim.ci95[1])}" y1="14" y2="14"/>`}
${seeds.map((seed) => html`<line class="seed" x1="${at(seed)}" x2="${at(seed)}" y1="20" y2="27"/>`)}
${claim.effect !== null && effectMark(claim.effect, scale)}
</svg>`;
}

/** The effect as a dot, or as an arrow at the end behind which it lies. */
function effectMark(effect: number, scale: Scale): SafeHtml {
  if (effect > scale.to) return html`<text class="effect" x="99.5%" y="19" text-anchor="end">▶</text>`;
  if (effect < scale.from) return html`<text class="effect" x="0.5%" y="19">◀</text>`;
  return html`<circle class="effect" cx="${positions(scale)(effect)}" cy="14" r="5"/>`;
}

/** The effect and its interval in figures, beside a strip. */
export function effectCell({ effect, ci95, unit }: Shown): SafeHtml {
  if (effect === null) return html`<span class="muted">not measured</span>`;
  return html`<strong class="effect-value">${effectText(effect, unit)}</strong>${ci95 && html` <span class="interval-value">${intervalText(ci95)}</span>`}`;
}

/** A made-up strip that explains a verdict. */
export function exampleStrip(claim: Shown, name: string): SafeHtml {
  return forestStrip(claim, { from: -1, to: 1, ticks: [] }, name);
}
