import { requireLabels, requireLogits } from './checks.js';

/**
 * Mean negative log-likelihood of the labels in nats: −1/n Σ_i log softmax(z_i)[y_i].
 *
 * Computed as log Σ_k exp(z_k) − z_y in float64, so confident rows lose nothing to rounding. A label whose logit is −∞
 * makes it +∞.
 *
 * @param logits `[n × classes]` row-major
 * @param labels `[n]` in 0 … classes − 1
 * @throws MetricLabelError, MetricLengthError, EmptyMetricError, NonFiniteLogitsError, MetricOptionError
 */
export function negativeLogLikelihood(logits: ArrayLike<number>, labels: ArrayLike<number>, classes: number): number {
  const rows = requireLogits(logits, classes);
  requireLabels(labels, rows, classes);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < classes; i++) largest = Math.max(largest, logits[start + i]!);
    let sum = 0;
    for (let i = 0; i < classes; i++) sum += Math.exp(logits[start + i]! - largest);
    total += Math.log(sum) + largest - logits[start + labels[row]!]!;
  }
  return total / rows;
}
