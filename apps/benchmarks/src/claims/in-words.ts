import type { ClaimResult } from '@tensor-papers/workbench';
import { formatExact, formatSignificant, rangeDigits } from '../format.js';
import { claimedRegion } from './claimed-region.js';
import { STANDINGS } from './verdict.js';

/** A unit as it is written after a number, after a space that does not break. */
export function unitSuffix(unit: string): string {
  return unit ? `\u00a0${unit}` : '';
}

function signed(value: number, digits?: number): string {
  const text = formatSignificant(value, digits);
  return value > 0 && text !== '0' ? `+${text}` : text;
}

/** An effect as text, with three significant digits. */
export function effectText(value: number | null, unit: string): string {
  return value === null ? '–' : `${signed(value)}${unitSuffix(unit)}`;
}

/** `−0.120 to +0.305`: three significant digits, and more where the ends would look the same and are not. */
export function intervalText([low, high]: readonly [number, number]): string {
  const digits = rangeDigits(low, high);
  return `${signed(low, digits)} to ${signed(high, digits)}`;
}

/** What the effect of a claim is, of which arms. */
export function effectMeaning({ kind, compare, metric }: ClaimResult): string {
  if (kind === 'trend') return `slope of ${metric} per step over ${compare.join(' → ')}`;
  if (kind === 'exact') return `${metric} of ${compare.join(', ')}`;
  return `${metric}, ${compare[0]} − ${compare.slice(1).join(', ')}`;
}

/** The edge or the edges of what a claim asserts, as numbers to read. */
function edges(claim: ClaimResult): string[] {
  const { from, to } = claimedRegion(claim);
  return [from, to]
    .filter(Number.isFinite)
    .map((edge) => (edge === 0 ? '0' : `${formatExact(edge)}${unitSuffix(claim.unit)}`));
}

/** The rule that decided this claim, in one sentence. */
export function ruleInWords(claim: ClaimResult): string {
  const { kind, compare } = claim;
  const difference = kind === 'trend' ? `the slope over ${compare.join(' → ')}` : `${compare[0]} − ${compare[1]}`;
  if (kind === 'exact') return `Supported when ${compare.join(', ')} are equal in every seed.`;
  const interval = `Supported when the whole 95\u00a0% interval of ${difference} lies`;
  if (kind === 'equivalence') return `${interval} between ${edges(claim).join(' and ')}.`;
  return `${interval} ${Number.isFinite(claimedRegion(claim).from) ? 'above' : 'below'} ${edges(claim)[0]}.`;
}

/** The arms of a claim as they are named in a sentence: a repeat says what it is on, so that a common first part (`digits/`) can go. */
function armNames({ repeats, compare }: ClaimResult): string[] {
  const part = /^[^/]+\//.exec(compare[0] ?? '')?.[0];
  if (!repeats || !part || !compare.every((arm) => arm.startsWith(part))) return compare;
  return compare.map((arm) => arm.slice(part.length));
}

/** What was seen, without a judgement: `bane-3 is 0.54 pp above teacher`. */
function seenInWords(claim: ClaimResult): string {
  const { kind, effect, unit } = claim;
  if (effect === null) return 'Nothing was measured';
  const compare = armNames(claim);
  const shown = formatSignificant(Math.abs(effect));
  const size = `${shown}${unitSuffix(unit)}`;
  const none = shown === '0';
  if (kind === 'exact')
    return effect === 0
      ? `${compare.join(', ')} are equal`
      : `They differ by up to ${formatExact(Math.abs(effect))}${unitSuffix(unit)}`;
  if (kind === 'trend') {
    const direction = none ? 'No change' : effect > 0 ? `Up ${size}` : `Down ${size}`;
    return `${direction} per step over ${compare.join(' → ')}`;
  }
  if (none) return `${compare[0]} and ${compare[1]} are the same on average`;
  return `${compare[0]} is ${size} ${effect > 0 ? 'above' : 'below'} ${compare[1]}`;
}

/** What came out of a claim, in one line of plain words. */
export function outcomeInWords(claim: ClaimResult): string {
  const { kind, ci95, verdict } = claim;
  const seen = seenInWords(claim);
  if (verdict === null || kind === 'exact' || ci95 === null) return `${seen}.`;
  const side = Number.isFinite(claimedRegion(claim).from) ? ['above', 'below'] : ['below', 'above'];
  const places = edges(claim);
  if (kind === 'equivalence') {
    if (verdict === 'supported') return `${seen}; whole interval between ${places.join(' and ')}.`;
    if (verdict === 'contradicted') return `${seen}; whole interval outside ${places.join(' to ')}.`;
    return `${seen}; the interval reaches beyond ${places.join(' or ')}.`;
  }
  if (verdict === 'supported') return `${seen}; whole interval ${side[0]} ${places[0]}.`;
  if (verdict === 'contradicted') return `${seen}; whole interval ${side[1]} ${places[0]}.`;
  return `${seen}; the interval includes ${places[0]}.`;
}

/** Where a repeat came out otherwise than the claim it repeats, in one line. */
export function differenceInWords(claim: ClaimResult, repeat: ClaimResult): string {
  const label = ({ verdict }: ClaimResult) => STANDINGS[verdict ?? 'none'].label.toLowerCase();
  return `The verdicts differ: ${label(claim)} in ${claim.id}, ${label(repeat)} on ${repeat.repeats?.on ?? 'the other data'}.`;
}

/** A statement's first sentence, and what follows it. */
export function firstSentence(statement: string): [first: string, rest: string] {
  const end = /[.!?]\s+(?=\p{Lu})/u.exec(statement);
  return end ? [statement.slice(0, end.index + 1), statement.slice(end.index + end[0].length)] : [statement, ''];
}
