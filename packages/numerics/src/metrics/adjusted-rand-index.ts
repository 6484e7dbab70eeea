import { contingency, pairsWithin, samePartition } from './contingency.js';

/**
 * Adjusted Rand index of two clusterings: (Σ C(n_ij, 2) − E) / (½ (Σ C(a_i, 2) + Σ C(b_j, 2)) − E) with
 * E = Σ C(a_i, 2) Σ C(b_j, 2) / C(n, 2).
 *
 * Source: Hubert and Arabie, Comparing partitions, 1985.
 *
 * @param a `[n]` cluster ids, any integers
 * @param b `[n]` cluster ids, any integers
 * @returns a value in [−½, 1], 0 in the mean for chance; 1 for equal clusterings
 * @throws MetricLabelError, MetricLengthError, EmptyMetricError
 */
export function adjustedRandIndex(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const table = contingency(a, b);
  if (samePartition(table)) return 1;
  const [pairsA, pairsB] = [pairsWithin(table.sizesA), pairsWithin(table.sizesB)];
  const expected = (pairsA / (a.length * (a.length - 1))) * pairsB;
  return (pairsWithin(table.counts) - expected) / ((pairsA + pairsB) / 2 - expected);
}
