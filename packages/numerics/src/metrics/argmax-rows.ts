import { requireLogits } from './checks.js';

/**
 * The class with the largest value of each row; the lowest index among equals.
 *
 * @param values `[n × classes]` row-major: logits or probabilities
 * @returns `[n]` class ids
 * @throws NonFiniteLogitsError for NaN, +∞ or a row of −∞ only; MetricLengthError, EmptyMetricError, MetricOptionError
 */
export function argmaxRows(values: ArrayLike<number>, classes: number): Int32Array {
  const rows = requireLogits(values, classes);
  const best = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    let top = 0;
    for (let i = 1; i < classes; i++) {
      if (values[start + i]! > values[start + top]!) top = i;
    }
    best[row] = top;
  }
  return best;
}
