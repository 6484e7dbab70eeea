import { contingency, entropy, mutualInformation, samePartition } from './contingency.js';
import { type MutualInformationOptions, normalise } from './information-normaliser.js';

/**
 * Normalised mutual information of two clusterings: NMI = I(A; B) / mean(H(A), H(B)).
 *
 * Rises by chance with the number of clusters; `adjustedMutualInformation` does not.
 *
 * @param a `[n]` cluster ids, any integers
 * @param b `[n]` cluster ids, any integers
 * @returns a value in [0, 1]; 1 for equal clusterings, also of one cluster each; 0 where only one of the two has one cluster
 * @throws MetricLabelError, MetricLengthError, EmptyMetricError, MetricOptionError
 */
export function normalizedMutualInformation(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { normaliser = 'arithmetic' }: MutualInformationOptions = {},
): number {
  const table = contingency(a, b);
  const scale = normalise(normaliser, entropy(table.sizesA, a.length), entropy(table.sizesB, a.length));
  if (samePartition(table)) return 1;
  return scale === 0 ? 0 : Math.min(1, mutualInformation(table) / scale);
}
