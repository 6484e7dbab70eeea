import type { ClaimResult } from '@tensor-papers/workbench';
import { formatExact, formatSigned } from '../format.js';
import { claimedRegion } from './claimed-region.js';

/** A unit as it is written after a number, after a space that does not break. */
export function unitSuffix(unit: string): string {
  return unit ? `\u00a0${unit}` : '';
}

/** An effect as text. */
export function effectText(value: number | null, unit: string, digits: number): string {
  return value === null ? '–' : `${formatSigned(value, digits)}${unitSuffix(unit)}`;
}

/** `−0.12 to +0.30`. */
export function intervalText([low, high]: readonly [number, number], digits: number): string {
  return `${formatSigned(low, digits)} to ${formatSigned(high, digits)}`;
}

/** What the effect of a claim is, of which arms. */
export function effectMeaning({ kind, compare, metric }: ClaimResult): string {
  if (kind === 'trend') return `slope of ${metric} per step over ${compare.join(' → ')}`;
  if (kind === 'exact') return `${metric} of ${compare.join(', ')}`;
  return `${metric}, ${compare[0]} − ${compare.slice(1).join(', ')}`;
}

/** The rule that decided this claim, in one sentence. */
export function ruleInWords(claim: ClaimResult): string {
  const { kind, unit, compare } = claim;
  const { from, to } = claimedRegion(claim);
  const difference = kind === 'trend' ? `the slope over ${compare.join(' → ')}` : `${compare[0]} − ${compare[1]}`;
  const value = (number: number) => `${formatExact(number)}${unitSuffix(unit)}`;
  if (kind === 'exact') return `Supported when ${compare.join(', ')} are equal in every seed.`;
  const interval = `Supported when the whole 95\u00a0% interval of ${difference} lies`;
  if (kind === 'equivalence') return `${interval} between ${value(from)} and ${value(to)}.`;
  return Number.isFinite(from) ? `${interval} above ${value(from)}.` : `${interval} below ${value(to)}.`;
}
