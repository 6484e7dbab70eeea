import { contingency, pairsWithin, samePartition } from './contingency.js';

/**
 * Fowlkes–Mallows index: TP / √((TP + FP)(TP + FN)) over pairs of examples, TP being the pairs that share a cluster in both.
 *
 * Source: Fowlkes and Mallows, A method for comparing two hierarchical clusterings, 1983.
 *
 * @param a `[n]` cluster ids, any integers
 * @param b `[n]` cluster ids, any integers
 * @returns a value in [0, 1]; 1 for equal clusterings, also where all clusters have one example; 0 where only one of the two
 *   joins any pair
 * @throws MetricLabelError, MetricLengthError, EmptyMetricError
 */
export function fowlkesMallows(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const table = contingency(a, b);
  if (samePartition(table)) return 1;
  const shared = pairsWithin(table.counts);
  return shared === 0 ? 0 : Math.sqrt((shared / pairsWithin(table.sizesA)) * (shared / pairsWithin(table.sizesB)));
}
