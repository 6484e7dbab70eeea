import { contingency, entropy, mutualInformation, samePartition } from './contingency.js';
import { expectedMutualInformation } from './expected-mutual-information.js';
import { type MutualInformationOptions, normalise } from './information-normaliser.js';

/**
 * Adjusted mutual information of two clusterings: AMI = (I − E[I]) / (mean(H(A), H(B)) − E[I]), E[I] over random clusterings
 * with clusters of the same sizes.
 *
 * Source: Vinh, Epps and Bailey, Information theoretic measures for clusterings comparison, 2010.
 *
 * @param a `[n]` cluster ids, any integers
 * @param b `[n]` cluster ids, any integers
 * @returns at most 1, about 0 for chance, may be negative; 1 for equal clusterings; 0 where chance leaves nothing to gain
 * @throws MetricLabelError, MetricLengthError, EmptyMetricError, MetricOptionError
 */
export function adjustedMutualInformation(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { normaliser = 'arithmetic' }: MutualInformationOptions = {},
): number {
  const table = contingency(a, b);
  const scale = normalise(normaliser, entropy(table.sizesA, a.length), entropy(table.sizesB, a.length));
  if (samePartition(table)) return 1;
  const expected = expectedMutualInformation(table);
  const room = scale - expected;
  // One cluster, or only clusters of one: information and expectation are equal but for rounding.
  if (Math.abs(room) < 1e-12) return 0;
  return (mutualInformation(table) - expected) / room;
}
