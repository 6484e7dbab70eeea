import { contingency } from './contingency.js';

/**
 * Purity of a clustering: the share of examples whose class is the most frequent one of their cluster, 1/n Σ_k max_c n_kc.
 *
 * Grows with the number of clusters: one example a cluster is pure.
 *
 * @param clusters `[n]` cluster ids, any integers
 * @param classes `[n]` true class ids, any integers
 * @returns a fraction in (0, 1]
 * @throws MetricLabelError, MetricLengthError, EmptyMetricError
 */
export function purity(clusters: ArrayLike<number>, classes: ArrayLike<number>): number {
  const { examples, sizesA, partA, counts } = contingency(clusters, classes, ['clusters', 'classes']);
  const largest = new Float64Array(sizesA.length);
  counts.forEach((count, i) => {
    largest[partA[i]!] = Math.max(largest[partA[i]!]!, count);
  });
  return largest.reduce((sum, count) => sum + count, 0) / examples;
}
