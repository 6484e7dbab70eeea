import { requireCount, requireLabels } from './checks.js';
import { EmptyMetricError } from './errors.js';

/**
 * How often class `row` was classified as class `column`.
 *
 * @param predicted `[n]` in 0 … classes − 1
 * @param labels `[n]` in 0 … classes − 1
 * @returns `[classes × classes]` counts, row-major: rows are labels, columns predictions
 * @throws MetricLabelError, MetricLengthError, EmptyMetricError, MetricOptionError
 */
export function confusionMatrix(predicted: ArrayLike<number>, labels: ArrayLike<number>, classes: number): Int32Array {
  requireCount('classes', classes);
  if (predicted.length === 0) throw new EmptyMetricError('expected at least one prediction, got none');
  requireLabels(labels, predicted.length, classes);
  requireLabels(predicted, predicted.length, classes, 'predicted classes');
  const matrix = new Int32Array(classes * classes);
  for (let i = 0; i < labels.length; i++) matrix[labels[i]! * classes + predicted[i]!]!++;
  return matrix;
}
