import { requireSameLength, requireSamples } from './checks.js';
import { StatisticsOptionError } from './errors.js';
import { mean } from './mean.js';

/**
 * The slope of the least-squares line: Σ (x_i − x̄)(y_i − ȳ) / Σ (x_i − x̄)².
 *
 * @param y the values
 * @param x where they stand; default 0, 1, …, n − 1
 * @throws TooFewSamplesError for fewer than two values; SampleLengthError; NonFiniteSampleError; StatisticsOptionError where all
 *   x are equal
 */
export function slope(
  y: ArrayLike<number>,
  x: ArrayLike<number> = Array.from({ length: y.length }, (_, i) => i),
): number {
  requireSameLength('slope', y, x);
  requireSamples('slope: y', y, 2);
  requireSamples('slope: x', x, 2);
  const [centreX, centreY] = [mean(x), mean(y)];
  let products = 0;
  let squares = 0;
  for (let i = 0; i < y.length; i++) {
    products += (x[i]! - centreX) * (y[i]! - centreY);
    squares += (x[i]! - centreX) ** 2;
  }
  if (squares === 0) throw new StatisticsOptionError(`slope: expected x with different values, got ${x[0]} only`);
  return products / squares;
}
