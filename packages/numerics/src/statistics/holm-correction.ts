import { requireSamples } from './checks.js';
import { StatisticsOptionError } from './errors.js';
import { stableOrder } from './stable-order.js';

/**
 * Holm's correction of p-values for many tests: with p_(1) ≤ … ≤ p_(m), the adjusted p_(i) is max_{j ≤ i} min(1, (m − j + 1) p_(j)).
 *
 * Rejecting where the adjusted value is at most α keeps the probability of any false rejection at α or below, whatever the
 * dependence of the tests.
 *
 * Source: Holm, A simple sequentially rejective multiple test procedure, 1979.
 *
 * @param pValues `[m]` in [0, 1]
 * @returns `[m]` adjusted p-values, in the order of the input
 * @throws TooFewSamplesError for none; NonFiniteSampleError; StatisticsOptionError
 */
export function holmCorrection(pValues: ArrayLike<number>): Float64Array {
  requireSamples('holmCorrection', pValues);
  const m = pValues.length;
  const adjusted = new Float64Array(m);
  let largest = 0;
  stableOrder(pValues).forEach((position, i) => {
    const p = pValues[position]!;
    if (p < 0 || p > 1) {
      throw new StatisticsOptionError(`holmCorrection: expected p-values in [0, 1], got ${p} at position ${position}`);
    }
    largest = Math.max(largest, Math.min(1, (m - i) * p));
    adjusted[position] = largest;
  });
  return adjusted;
}
