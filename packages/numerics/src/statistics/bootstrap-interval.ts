import type { Rng } from '../random/rng.js';
import { requireOpenUnit, requireSamples } from './checks.js';
import { NonFiniteSampleError, StatisticsOptionError } from './errors.js';
import type { Interval, IntervalOptions } from './interval.js';
import { uncheckedMean } from './mean.js';
import { quantileOfSorted } from './quantile.js';

/** Options of {@link bootstrapInterval}. */
export interface BootstrapOptions extends IntervalOptions {
  /** Draws the resamples. */
  readonly rng: Rng;
  /** Number of resamples. Default 10,000. */
  readonly resamples?: number;
  /** What is estimated. It sees one buffer that is used again for every resample. Default: the mean. */
  readonly statistic?: (samples: Float64Array) => number;
}

/**
 * The percentile bootstrap (Efron 1979): the (1 ± level)/2 quantiles of the statistic over resamples drawn with replacement.
 *
 * Meant for many samples, such as queries; with few (seeds) it is too narrow, use `tInterval`.
 *
 * @throws TooFewSamplesError for fewer than two samples; NonFiniteSampleError for such a sample or value of the statistic;
 *   StatisticsOptionError
 */
export function bootstrapInterval(
  samples: ArrayLike<number>,
  { rng, resamples = 10_000, level = 0.95, statistic = uncheckedMean }: BootstrapOptions,
): Interval {
  requireSamples('bootstrapInterval', samples, 2);
  requireOpenUnit('bootstrapInterval: level', level);
  if (!Number.isSafeInteger(resamples) || resamples < 1) {
    throw new StatisticsOptionError(
      `bootstrapInterval: resamples: expected an integer of at least 1, got ${resamples}`,
    );
  }
  const n = samples.length;
  const original = Float64Array.from(samples);
  const drawn = new Float64Array(n);
  const values = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    for (let i = 0; i < n; i++) drawn[i] = original[rng.integer(n)]!;
    const value = statistic(drawn);
    if (!Number.isFinite(value)) {
      throw new NonFiniteSampleError(`bootstrapInterval: expected a finite statistic, got ${value} for a resample`);
    }
    values[resample] = value;
  }
  values.sort();
  return {
    mean: statistic(original),
    low: quantileOfSorted(values, (1 - level) / 2),
    high: quantileOfSorted(values, (1 + level) / 2),
    n,
    method: 'bootstrap',
  };
}
