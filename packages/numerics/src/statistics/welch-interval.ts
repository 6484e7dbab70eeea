import { requireOpenUnit, requireSamples } from './checks.js';
import type { Interval, IntervalOptions } from './interval.js';
import { mean } from './mean.js';
import { standardDeviation } from './standard-deviation.js';
import { studentTQuantile } from './student-t.js';

/**
 * Welch's confidence interval of the difference of two means, ā − b̄, of independent samples with variances of their own:
 * ± t_{(1+level)/2, ν} · √(v_a + v_b), v = s²/n, with ν = (v_a + v_b)² / (v_a²/(n_a − 1) + v_b²/(n_b − 1)).
 *
 * Samples that belong together in pairs (the same seed, the same query) deserve `pairedTInterval`.
 *
 * @returns `n` counts both samples; no width where both are constant
 * @throws TooFewSamplesError for fewer than two samples on a side; NonFiniteSampleError; StatisticsOptionError
 */
export function welchInterval(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { level = 0.95 }: IntervalOptions = {},
): Interval {
  requireSamples('welchInterval: a', a, 2);
  requireSamples('welchInterval: b', b, 2);
  requireOpenUnit('welchInterval: level', level);
  const varianceA = standardDeviation(a) ** 2 / a.length;
  const varianceB = standardDeviation(b) ** 2 / b.length;
  const variance = varianceA + varianceB;
  const difference = mean(a) - mean(b);
  let half = 0;
  if (variance > 0) {
    // Shares instead of squares of variances: those could underflow.
    const [shareA, shareB] = [varianceA / variance, varianceB / variance];
    const degreesOfFreedom = 1 / (shareA ** 2 / (a.length - 1) + shareB ** 2 / (b.length - 1));
    half = studentTQuantile((1 + level) / 2, Math.max(1, degreesOfFreedom)) * Math.sqrt(variance);
  }
  return {
    mean: difference,
    low: difference - half,
    high: difference + half,
    n: a.length + b.length,
    method: 'welch',
  };
}
