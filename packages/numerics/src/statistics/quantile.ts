import { requireSamples } from './checks.js';
import { StatisticsOptionError } from './errors.js';

/** The `p`-quantile of samples that are sorted already. */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}

/**
 * The `p`-quantile, linear between order statistics: position p·(n − 1) of the sorted samples (type 7 of Hyndman and Fan 1996,
 * the default of R and NumPy).
 *
 * @param p in [0, 1]
 * @throws TooFewSamplesError for no sample; NonFiniteSampleError; StatisticsOptionError
 */
export function quantile(samples: ArrayLike<number>, p: number): number {
  requireSamples('quantile', samples);
  if (!(p >= 0 && p <= 1)) throw new StatisticsOptionError(`quantile: p: expected a number in [0, 1], got ${p}`);
  return quantileOfSorted(Float64Array.from(samples).sort(), p);
}
