import { argmaxRows } from './argmax-rows.js';
import { requireLabels } from './checks.js';

/**
 * The share of examples whose largest logit is that of the label; among equal logits the lowest class counts.
 *
 * @param logits `[n × classes]` row-major (probabilities serve as well)
 * @param labels `[n]` in 0 … classes − 1
 * @returns a fraction in [0, 1]
 * @throws MetricLabelError, MetricLengthError, EmptyMetricError, NonFiniteLogitsError, MetricOptionError
 */
export function accuracy(logits: ArrayLike<number>, labels: ArrayLike<number>, classes: number): number {
  const predicted = argmaxRows(logits, classes);
  requireLabels(labels, predicted.length, classes);
  let correct = 0;
  for (let i = 0; i < predicted.length; i++) {
    if (predicted[i] === labels[i]) correct++;
  }
  return correct / predicted.length;
}
