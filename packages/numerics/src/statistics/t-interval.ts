import { requireOpenUnit, requireSameLength, requireSamples } from './checks.js';
import type { Interval, IntervalOptions } from './interval.js';
import { mean } from './mean.js';
import { standardDeviation } from './standard-deviation.js';
import { studentTQuantile } from './student-t.js';

/**
 * Student's confidence interval of a mean: x̄ ± t_{(1+level)/2, n−1} · s/√n.
 *
 * @throws TooFewSamplesError for fewer than two samples; NonFiniteSampleError; StatisticsOptionError
 */
export function tInterval(samples: ArrayLike<number>, { level = 0.95 }: IntervalOptions = {}): Interval {
  requireSamples('tInterval', samples, 2);
  requireOpenUnit('tInterval: level', level);
  const n = samples.length;
  const centre = mean(samples);
  const half = (studentTQuantile((1 + level) / 2, n - 1) * standardDeviation(samples)) / Math.sqrt(n);
  return { mean: centre, low: centre - half, high: centre + half, n, method: 't' };
}

/**
 * Student's confidence interval of the mean difference a_i − b_i of pairs, such as two methods under the same seed.
 *
 * @throws SampleLengthError; TooFewSamplesError for fewer than two pairs; NonFiniteSampleError; StatisticsOptionError
 */
export function pairedTInterval(a: ArrayLike<number>, b: ArrayLike<number>, options: IntervalOptions = {}): Interval {
  requireSameLength('pairedTInterval', a, b);
  requireSamples('pairedTInterval: a', a, 2);
  requireSamples('pairedTInterval: b', b, 2);
  return tInterval(
    Float64Array.from(a, (value, i) => value - b[i]!),
    options,
  );
}
