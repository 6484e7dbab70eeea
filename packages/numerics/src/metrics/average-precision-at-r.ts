import { averagePrecisionOf } from './average-precision.js';
import { type RankingOptions, rank } from './ranking.js';

/**
 * Average precision at R, whose mean over queries is MAP@R: 1/R Σ_{t=1…R, item t relevant} P@t, R being the number of all
 * relevant items.
 *
 * Source: Musgrave, Belongie and Lim, A Metric Learning Reality Check, 2020, eq. 3.
 *
 * @param scores `[n]`, NaN excluded
 * @param relevant `[n]` of 0 and 1 or false and true
 * @returns a fraction in [0, 1], at most the R-precision; NaN where nothing is relevant
 * @throws ScoreError, MetricLabelError, MetricLengthError, EmptyMetricError, MetricOptionError
 */
export function averagePrecisionAtR(
  scores: ArrayLike<number>,
  relevant: ArrayLike<number | boolean>,
  options: RankingOptions = {},
): number {
  const ranking = rank(scores, relevant, options);
  return averagePrecisionOf(ranking, ranking.totalRelevant);
}
