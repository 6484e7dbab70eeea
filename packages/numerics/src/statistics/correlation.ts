import { requireSameLength, requireSamples } from './checks.js';
import { StatisticsOptionError } from './errors.js';
import { uncheckedMean } from './mean.js';
import { uncheckedMidRanks } from './mid-ranks.js';

function requirePairs(what: string, x: ArrayLike<number>, y: ArrayLike<number>): void {
  requireSameLength(what, x, y);
  requireSamples(`${what}: x`, x, 2);
  requireSamples(`${what}: y`, y, 2);
  requireVariation(`${what}: x`, x);
  requireVariation(`${what}: y`, y);
}

function requireVariation(what: string, samples: ArrayLike<number>): void {
  for (let i = 1; i < samples.length; i++) {
    if (samples[i] !== samples[0]) return;
  }
  throw new StatisticsOptionError(`${what}: expected different values, got ${samples[0]} only`);
}

/** Deviations from the mean divided by the largest of them: correlation does not see the scale, and squares cannot overflow. */
function deviations(samples: ArrayLike<number>): Float64Array {
  const shifted = Float64Array.from(samples, (sample) => sample - samples[0]!);
  const centre = uncheckedMean(shifted);
  const centred = shifted.map((value) => value - centre);
  const largest = centred.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return centred.map((value) => value / largest);
}

function correlationOf(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const [a, b] = [deviations(x), deviations(y)];
  let products = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.length; i++) {
    products += a[i]! * b[i]!;
    squaresA += a[i]! ** 2;
    squaresB += b[i]! ** 2;
  }
  return Math.max(-1, Math.min(1, products / Math.sqrt(squaresA * squaresB)));
}

/**
 * Pearson's correlation: Σ (x_i − x̄)(y_i − ȳ) / √(Σ (x_i − x̄)² Σ (y_i − ȳ)²).
 *
 * @returns a value in [−1, 1]
 * @throws TooFewSamplesError for fewer than two pairs; SampleLengthError; NonFiniteSampleError; StatisticsOptionError where all
 *   x or all y are equal
 */
export function pearsonCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  requirePairs('pearsonCorrelation', x, y);
  return correlationOf(x, y);
}

/**
 * Spearman's rank correlation: Pearson's correlation of the ranks, equal values sharing the mean of theirs.
 *
 * @returns a value in [−1, 1]; 1 where y grows with x
 * @throws TooFewSamplesError for fewer than two pairs; SampleLengthError; NonFiniteSampleError; StatisticsOptionError where all
 *   x or all y are equal
 */
export function spearmanCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  requirePairs('spearmanCorrelation', x, y);
  return correlationOf(uncheckedMidRanks(x), uncheckedMidRanks(y));
}
