import { requireLogits } from './checks.js';

/**
 * Softmax of each row: p_c = exp(z_c) / Σ_k exp(z_k), computed in float64 relative to the row's largest logit.
 *
 * @param logits `[n × classes]` row-major; −∞ gives probability 0
 * @returns `[n × classes]` float32
 * @throws NonFiniteLogitsError for NaN, +∞ or a row of −∞ only; MetricLengthError, EmptyMetricError, MetricOptionError
 */
export function softmaxRows(logits: ArrayLike<number>, classes: number): Float32Array {
  const rows = requireLogits(logits, classes);
  const probabilities = new Float32Array(rows * classes);
  const weights = new Float64Array(classes);
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < classes; i++) largest = Math.max(largest, logits[start + i]!);
    let sum = 0;
    for (let i = 0; i < classes; i++) {
      const weight = Math.exp(logits[start + i]! - largest);
      weights[i] = weight;
      sum += weight;
    }
    for (let i = 0; i < classes; i++) probabilities[start + i] = weights[i]! / sum;
  }
  return probabilities;
}
