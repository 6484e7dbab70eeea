import { foundWithin } from './precision-at-k.js';
import { type RankingOptions, rank } from './ranking.js';

/**
 * R-precision: the share of relevant items among the first R, R being the number of all relevant items.
 *
 * @param scores `[n]`, NaN excluded
 * @param relevant `[n]` of 0 and 1 or false and true
 * @returns a fraction in [0, 1]; NaN where nothing is relevant
 * @throws ScoreError, MetricLabelError, MetricLengthError, EmptyMetricError, MetricOptionError
 */
export function rPrecision(
  scores: ArrayLike<number>,
  relevant: ArrayLike<number | boolean>,
  options: RankingOptions = {},
): number {
  const ranking = rank(scores, relevant, options);
  return foundWithin(ranking, ranking.totalRelevant) / ranking.totalRelevant;
}
