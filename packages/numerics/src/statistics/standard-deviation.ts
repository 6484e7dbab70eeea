import { requireSamples } from './checks.js';
import { uncheckedMean } from './mean.js';

/**
 * The sample standard deviation √(Σ (x_i − x̄)² / (n − 1)).
 *
 * @throws TooFewSamplesError for fewer than two samples; NonFiniteSampleError
 */
export function standardDeviation(samples: ArrayLike<number>): number {
  requireSamples('standardDeviation', samples, 2);
  // Differences from one of the samples are exact where samples are close, so equal samples give 0.
  const shifted = Float64Array.from(samples, (sample) => sample - samples[0]!);
  const centre = uncheckedMean(shifted);
  let squares = 0;
  for (const value of shifted) squares += (value - centre) ** 2;
  return Math.sqrt(squares / (samples.length - 1));
}
