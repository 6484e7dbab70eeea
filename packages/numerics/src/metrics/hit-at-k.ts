import { requireCount } from './checks.js';
import { type Ranking, type RankingOptions, rank } from './ranking.js';

/** The probability of a relevant item among the first k; NaN without one at all. */
export function hitOf({ groups, size, relevant, totalRelevant }: Ranking, k: number): number {
  if (totalRelevant === 0) return Number.NaN;
  let before = 0;
  for (let group = 0; group < groups && before < k; group++) {
    const n = size[group]!;
    const irrelevant = n - relevant[group]!;
    const drawn = Math.min(n, k - before);
    if (irrelevant < n) {
      let miss = 1;
      // With fewer irrelevant items than draws a factor is 0.
      for (let i = 0; i < drawn && miss > 0; i++) miss *= (irrelevant - i) / (n - i);
      return 1 - miss;
    }
    before += n;
  }
  return 0;
}

/**
 * Hit at k: 1 where any of the first k items is relevant, else 0. Its mean over queries is what metric learning calls
 * Recall@k (R@k), and retrieval top-k success.
 *
 * Equal scores in expectation: 1 − C(n − r, m)/C(n, m) for the group of n items, r of them relevant, of which m fit into the
 * first k, where no earlier item is relevant.
 *
 * @param scores `[n]`, NaN excluded
 * @param relevant `[n]` of 0 and 1 or false and true
 * @param k at least 1
 * @returns 0 or 1, a probability where ties decide; NaN where nothing is relevant
 * @throws ScoreError, MetricLabelError, MetricLengthError, EmptyMetricError, MetricOptionError
 */
export function hitAtK(
  scores: ArrayLike<number>,
  relevant: ArrayLike<number | boolean>,
  k: number,
  options: RankingOptions = {},
): number {
  requireCount('k', k);
  return hitOf(rank(scores, relevant, options), k);
}
