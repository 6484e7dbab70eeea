import { uncheckedMidRanks } from '../statistics/mid-ranks.js';
import { requireFlags, requireScores } from './checks.js';
import { EmptyMetricError } from './errors.js';

/**
 * Area under the ROC curve: the probability that a positive example scores above a negative one, equal scores counting one half.
 *
 * Computed from mid-ranks (Mann and Whitney): (Σ_{positive} rank − P(P + 1)/2) / (P N).
 *
 * @param scores `[n]`, higher for positives; NaN excluded
 * @param positive `[n]` of 0 and 1 or false and true
 * @returns a value in [0, 1]; NaN where all examples are positive or none is
 * @throws ScoreError, MetricLabelError, MetricLengthError, EmptyMetricError
 * @example
 * auroc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); // 0.75
 */
export function auroc(scores: ArrayLike<number>, positive: ArrayLike<number | boolean>): number {
  if (scores.length === 0) throw new EmptyMetricError('expected at least one score, got none');
  const flags = requireFlags(positive, scores.length, 'positive');
  requireScores(scores);
  const ranks = uncheckedMidRanks(scores);
  let positives = 0;
  let rankSum = 0;
  for (let i = 0; i < flags.length; i++) {
    if (flags[i] === 0) continue;
    positives++;
    rankSum += ranks[i]!;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (flags.length - positives));
}
