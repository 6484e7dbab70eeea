import { contingency } from './contingency.js';
import { hungarianAssignment } from './hungarian-assignment.js';

/**
 * Clustering accuracy: the largest share of examples that are right when every cluster is named after one class and no two
 * after the same, max_π 1/n Σ_i [π(cluster_i) = class_i]; the best naming by the Hungarian algorithm.
 *
 * Where clusters outnumber classes, those without a name are wrong. O(min² · max) in the numbers of clusters and classes.
 *
 * @param clusters `[n]` cluster ids, any integers
 * @param classes `[n]` true class ids, any integers
 * @returns a fraction in (0, 1]
 * @throws MetricLabelError, MetricLengthError, EmptyMetricError
 */
export function clusteringAccuracy(clusters: ArrayLike<number>, classes: ArrayLike<number>): number {
  const { examples, sizesA, sizesB, partA, partB, counts } = contingency(clusters, classes, ['clusters', 'classes']);
  const table = new Float64Array(sizesA.length * sizesB.length);
  counts.forEach((count, i) => {
    table[partA[i]! * sizesB.length + partB[i]!] = count;
  });
  return hungarianAssignment(table, sizesA.length, sizesB.length, { maximise: true }).cost / examples;
}
