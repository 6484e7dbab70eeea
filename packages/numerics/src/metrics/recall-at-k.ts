import { requireCount } from './checks.js';
import { foundWithin } from './precision-at-k.js';
import { type RankingOptions, rank } from './ranking.js';

/**
 * Recall at k of information retrieval: the share of all relevant items that stand among the first k.
 *
 * Papers on metric learning call something else Recall@k: see `hitAtK`.
 *
 * @param scores `[n]`, NaN excluded
 * @param relevant `[n]` of 0 and 1 or false and true
 * @param k at least 1
 * @returns a fraction in [0, 1]; NaN where nothing is relevant
 * @throws ScoreError, MetricLabelError, MetricLengthError, EmptyMetricError, MetricOptionError
 */
export function recallAtK(
  scores: ArrayLike<number>,
  relevant: ArrayLike<number | boolean>,
  k: number,
  options: RankingOptions = {},
): number {
  requireCount('k', k);
  const ranking = rank(scores, relevant, options);
  return foundWithin(ranking, k) / ranking.totalRelevant;
}
