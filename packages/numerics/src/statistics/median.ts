import { quantile } from './quantile.js';

/**
 * The middle sample, or the mean of the two in the middle.
 *
 * @throws TooFewSamplesError for no sample; NonFiniteSampleError
 */
export function median(samples: ArrayLike<number>): number {
  return quantile(samples, 0.5);
}
