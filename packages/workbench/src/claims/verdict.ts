import { createRng } from '@tensor-papers/numerics/random';
import { bootstrapInterval, slope, tInterval } from '@tensor-papers/numerics/statistics';
import { type PresetName, presetsWithoutVerdict } from '../benchmark/presets.js';
import type { Claim, ClaimResult, Verdict } from './claim.js';

/** The values of every arm: metric → one value per seed, in the order of the seeds; null where there is none. */
export type ArmValues = Readonly<Record<string, Readonly<Record<string, readonly (number | null)[]>>>>;

/** Of a run, what a verdict depends on. */
export interface RunFacts {
  readonly seeds: readonly number[];
  readonly preset: PresetName;
  /** A run that was stopped early gives effects but no verdict. */
  readonly partial?: boolean;
}

/**
 * Computes effect, 95 % interval and verdict of a claim.
 *
 * The effect is the mean over seeds of treatment − control with the sign of the metric (for a trend: of the least-squares slope over the
 * arms in order; for exact: the largest difference, no interval). With d the effect oriented so that positive is better and m the margin,
 * a claim asserts d > m (superiority, trend), d > −m (nonInferiority), |d| < m (equivalence) or d = 0 in every seed (exact). It is
 * *supported* when the whole interval lies in there, *contradicted* when it lies wholly outside on one side, else *inconclusive*.
 * There is no verdict for one seed, a smoke or quick preset, a partial run, or an arm without a value.
 */
export function judge(claim: Claim, arms: ArmValues, { seeds, preset, partial = false }: RunFacts): ClaimResult {
  const rows = pairedValues(claim, arms, seeds);
  if (typeof rows === 'string') return { ...claim, effect: null, ci95: null, n: 0, verdict: null, reason: rows };

  const effects = rows.map((values) => effectOfSeed(claim, values));
  const n = effects.length;
  const effect = claim.kind === 'exact' ? largest(effects) : mean(effects);
  const ci95 = claim.kind === 'exact' || n < 2 ? null : interval(claim, effects);
  const reason = whyNoVerdict({ n, preset, partial });
  const measured = { ...claim, effect, ci95, n };
  if (reason !== undefined) return { ...measured, verdict: null, reason };
  return { ...measured, verdict: claim.kind === 'exact' ? exactVerdict(rows) : verdictOf(claim, ci95!) };
}

/** The effect in every seed, in the order of the seeds, with the sign of the metric; empty where an arm or a value is missing. */
export function seedEffects(claim: Compared, arms: ArmValues, seeds: readonly number[]): number[] {
  const rows = pairedValues(claim, arms, seeds);
  return typeof rows === 'string' ? [] : rows.map((values) => effectOfSeed(claim, values));
}

/** Of a claim, what decides its effects. */
type Compared = Pick<Claim, 'kind' | 'compare' | 'metric'>;

/** One row per seed with the values of the compared arms, or why that cannot be had. */
function pairedValues(claim: Compared, arms: ArmValues, seeds: readonly number[]): number[][] | string {
  if (seeds.length === 0) return 'no seed was finished';
  const columns: (readonly (number | null)[])[] = [];
  for (const arm of claim.compare) {
    const column = arms[arm]?.[claim.metric];
    if (!arms[arm]) return `the run has no arm ${arm}`;
    if (!column) return `arm ${arm} reports no ${claim.metric}`;
    const missing = seeds.findIndex((_, index) => typeof column[index] !== 'number');
    if (missing >= 0) return `seed ${seeds[missing]} has no ${claim.metric} of arm ${arm}`;
    columns.push(column);
  }
  return seeds.map((_, index) => columns.map((column) => column[index]!));
}

function effectOfSeed(claim: Compared, values: readonly number[]): number {
  if (claim.kind === 'trend') return slope(values);
  if (claim.kind === 'exact' && values.length > 2) return Math.max(...values) - Math.min(...values);
  return values[0]! - values[1]!;
}

function interval(claim: Claim, effects: readonly number[]): [number, number] {
  const { low, high } =
    claim.method === 't'
      ? tInterval(effects)
      : bootstrapInterval(effects, { rng: createRng(0).stream('bootstrap').stream(claim.id) });
  return [low, high];
}

function whyNoVerdict({ n, preset, partial }: { n: number; preset: PresetName; partial: boolean }): string | undefined {
  if (partial) return 'the run was stopped early';
  if (presetsWithoutVerdict.includes(preset)) return `the ${preset} preset is too small for a verdict`;
  if (n < 2) return 'one seed is not enough for an interval';
  return undefined;
}

function exactVerdict(rows: readonly (readonly number[])[]): Verdict {
  return rows.every((values) => values.every((value) => value === values[0])) ? 'supported' : 'contradicted';
}

function verdictOf({ kind, better, margin }: Claim, ci95: readonly [number, number]): Verdict {
  const [low, high] = better === 'higher' || kind === 'equivalence' ? ci95 : [-ci95[1], -ci95[0]];
  const from = kind === 'nonInferiority' || kind === 'equivalence' ? -margin : margin;
  const to = kind === 'equivalence' ? margin : Number.POSITIVE_INFINITY;
  if (low > from && high < to) return 'supported';
  if (high < from || low > to) return 'contradicted';
  return 'inconclusive';
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const largest = (values: readonly number[]) => values.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
