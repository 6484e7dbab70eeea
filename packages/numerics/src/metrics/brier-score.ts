import { requireLabels, requireProbabilities } from './checks.js';

/**
 * Brier score: 1/n Σ_i Σ_c (p_ic − [y_i = c])², summed over all classes as in Brier 1950.
 *
 * For two classes it is twice the score that counts the positive class only.
 *
 * @param probabilities `[n × classes]` row-major, each row with sum 1
 * @param labels `[n]` in 0 … classes − 1
 * @returns a value in [0, 2], 0 for a classifier that is sure and right
 * @throws ProbabilityError, MetricLabelError, MetricLengthError, EmptyMetricError, MetricOptionError
 */
export function brierScore(probabilities: ArrayLike<number>, labels: ArrayLike<number>, classes: number): number {
  const rows = requireProbabilities(probabilities, classes);
  requireLabels(labels, rows, classes);
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < classes; i++) {
      sum += (probabilities[row * classes + i]! - (labels[row] === i ? 1 : 0)) ** 2;
    }
  }
  return sum / rows;
}
