import { requireCount, requireLabels, requireLogits } from './checks.js';
import { MetricOptionError } from './errors.js';

/**
 * Top-k accuracy: the share of examples whose label is among the k classes with the largest logits.
 *
 * Among equal logits the lowest class comes first, as in `accuracy`, which is the case k = 1.
 *
 * @param logits `[n × classes]` row-major (probabilities serve as well)
 * @param labels `[n]` in 0 … classes − 1
 * @param k in 1 … classes
 * @returns a fraction in [0, 1]
 * @throws MetricLabelError, MetricLengthError, EmptyMetricError, NonFiniteLogitsError, MetricOptionError
 */
export function topKAccuracy(logits: ArrayLike<number>, labels: ArrayLike<number>, classes: number, k: number): number {
  const rows = requireLogits(logits, classes);
  requireLabels(labels, rows, classes);
  requireCount('k', k);
  if (k > classes) throw new MetricOptionError(`k: expected at most the number of classes, ${classes}, got ${k}`);
  let correct = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    const label = start + labels[row]!;
    const logit = logits[label]!;
    let ahead = 0;
    for (let i = start; i < start + classes; i++) {
      if (logits[i]! > logit || (logits[i] === logit && i < label)) ahead++;
    }
    if (ahead < k) correct++;
  }
  return correct / rows;
}
