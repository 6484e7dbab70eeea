import { requireSamples } from './checks.js';

/** The mean of samples that were checked already, summed with Neumaier's compensation. */
export function uncheckedMean(samples: ArrayLike<number>): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i]!;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return (sum + lost) / samples.length;
}

/**
 * The arithmetic mean, summed with Neumaier's compensation: as if in twice the precision.
 *
 * @throws TooFewSamplesError for no sample; NonFiniteSampleError
 */
export function mean(samples: ArrayLike<number>): number {
  requireSamples('mean', samples);
  return uncheckedMean(samples);
}
