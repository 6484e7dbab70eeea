import type { Rng } from '../random/rng.js';
import { biasCorrectedLevels } from './bias-correction.js';
import { requireOpenUnit, requireSameLength, requireSamples } from './checks.js';
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
  /**
   * `'percentile'` (default), or `'bca'`: bias-corrected and accelerated (Efron 1987), which moves the two quantiles to allow
   * for bias and skewness, as of a ratio or of few and skewed samples. It calls the statistic n times more.
   */
  readonly correction?: 'percentile' | 'bca';
}

/**
 * The bootstrap interval (Efron 1979): the (1 ± level)/2 quantiles of the statistic over resamples drawn with replacement, or
 * quantiles beside them with `correction: 'bca'`.
 *
 * Meant for many samples, such as queries; with few (seeds) it is too narrow, use `tInterval`.
 *
 * @throws TooFewSamplesError for fewer than two samples; NonFiniteSampleError for such a sample or value of the statistic;
 *   StatisticsOptionError
 */
export function bootstrapInterval(
  samples: ArrayLike<number>,
  { rng, resamples = 10_000, level = 0.95, statistic = uncheckedMean, correction = 'percentile' }: BootstrapOptions,
): Interval {
  requireSamples('bootstrapInterval', samples, 2);
  requireOpenUnit('bootstrapInterval: level', level);
  if (!Number.isSafeInteger(resamples) || resamples < 1) {
    throw new StatisticsOptionError(
      `bootstrapInterval: resamples: expected an integer of at least 1, got ${resamples}`,
    );
  }
  if (correction !== 'percentile' && correction !== 'bca') {
    throw new StatisticsOptionError(
      `bootstrapInterval: correction: expected 'percentile' or 'bca', got ${String(correction)}`,
    );
  }
  const evaluate = (values: Float64Array) => {
    const value = statistic(values);
    if (!Number.isFinite(value)) {
      throw new NonFiniteSampleError(`bootstrapInterval: expected a finite statistic, got ${value} for a resample`);
    }
    return value;
  };
  const n = samples.length;
  const original = Float64Array.from(samples);
  const drawn = new Float64Array(n);
  const values = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    for (let i = 0; i < n; i++) drawn[i] = original[rng.integer(n)]!;
    values[resample] = evaluate(drawn);
  }
  values.sort();
  const estimate = evaluate(original.slice());
  const levels: readonly [number, number] =
    correction === 'bca'
      ? biasCorrectedLevels(original, values, estimate, evaluate, level)
      : [(1 - level) / 2, (1 + level) / 2];
  return {
    mean: estimate,
    low: quantileOfSorted(values, levels[0]),
    high: quantileOfSorted(values, levels[1]),
    n,
    method: correction === 'bca' ? 'bca' : 'bootstrap',
  };
}

/**
 * The bootstrap interval of a mean difference a_i − b_i of pairs, such as two methods on the same queries: pairs are drawn, so
 * that what makes a query easy for both cancels.
 *
 * @param options as in {@link bootstrapInterval}; the statistic sees the differences
 * @throws SampleLengthError; TooFewSamplesError for fewer than two pairs; NonFiniteSampleError; StatisticsOptionError
 * @example
 * pairedBootstrapInterval(apOurs, apTheirs, { rng: createRng(1), correction: 'bca' });
 */
export function pairedBootstrapInterval(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: BootstrapOptions,
): Interval {
  requireSameLength('pairedBootstrapInterval', a, b);
  requireSamples('pairedBootstrapInterval: a', a, 2);
  requireSamples('pairedBootstrapInterval: b', b, 2);
  return bootstrapInterval(
    Float64Array.from(a, (value, i) => value - b[i]!),
    options,
  );
}
