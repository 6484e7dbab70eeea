import { requireCount } from './checks.js';
import { type Ranking, type RankingOptions, rank } from './ranking.js';

/** The (expected) number of relevant items among the first k. */
export function foundWithin({ groups, size, relevant }: Ranking, k: number): number {
  let before = 0;
  let found = 0;
  for (let group = 0; group < groups && before < k; group++) {
    const n = size[group]!;
    found += relevant[group]! * Math.min(1, (k - before) / n);
    before += n;
  }
  return found;
}

/**
 * Precision at k: the share of relevant items among the first k.
 *
 * Divided by k also where the list is shorter.
 *
 * @param scores `[n]`, NaN excluded
 * @param relevant `[n]` of 0 and 1 or false and true
 * @param k at least 1
 * @returns a fraction in [0, 1]; 0 where nothing is relevant
 * @throws ScoreError, MetricLabelError, MetricLengthError, EmptyMetricError, MetricOptionError
 */
export function precisionAtK(
  scores: ArrayLike<number>,
  relevant: ArrayLike<number | boolean>,
  k: number,
  options: RankingOptions = {},
): number {
  requireCount('k', k);
  return foundWithin(rank(scores, relevant, options), k) / k;
}
