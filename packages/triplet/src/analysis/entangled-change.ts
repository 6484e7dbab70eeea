import { OptionError } from '../errors.js';
import { requireSimilarities, type SimilarityChange } from './similarity-change.js';

/**
 * The change of a triplet whose pairs share the network's weights, so that similar images move together:
 * dS_ap + p S_ap S_an dS_an and dS_an + p S_ap S_an dS_ap.
 *
 * It is what drags a hard negative towards the anchor (problem 2 of the paper).
 *
 * @param positive S_ap of each triplet
 * @param negative S_an of each triplet
 * @param change of the triplets on their own, from `firstOrderChange` or `gradientStep`
 * @param entanglement p in [0, 1]
 * @throws OptionError
 */
export function entangledChange(
  positive: ArrayLike<number>,
  negative: ArrayLike<number>,
  change: SimilarityChange,
  entanglement: number,
): SimilarityChange {
  const count = requireSimilarities(positive, negative);
  if (!(entanglement >= 0 && entanglement <= 1)) {
    throw new OptionError(`entanglement: expected a number in [0, 1], got ${entanglement}`);
  }
  const total = { positive: new Float64Array(count), negative: new Float64Array(count) };
  for (let i = 0; i < count; i++) {
    const coupling = entanglement * positive[i]! * negative[i]!;
    total.positive[i] = change.positive[i]! + coupling * change.negative[i]!;
    total.negative[i] = change.negative[i]! + coupling * change.positive[i]!;
  }
  return total;
}
