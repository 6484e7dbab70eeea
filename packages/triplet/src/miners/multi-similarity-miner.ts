import { requireNumber } from '../checks.js';
import { negativesOf, positivesOf } from '../pairs/comparison.js';
import { IndexList } from '../pairs/index-list.js';
import type { Miner } from './miner.js';

/**
 * Multi-similarity mining (Wang et al., CVPR 2019): positive pairs with S − ε below the anchor's largest negative similarity, and negative
 * pairs with S + ε above its smallest positive one.
 *
 * @param options ε ≥ 0, default 0.1
 * @throws OptionError
 */
export function multiSimilarityMiner({ epsilon = 0.1 }: { readonly epsilon?: number } = {}): Miner {
  requireNumber('epsilon', epsilon, { low: 0 });
  return (comparison) => {
    const { rows, columns, values, sign } = comparison;
    const [same, other] = [new Int32Array(columns), new Int32Array(columns)];
    const [anchors, positives] = [new IndexList(), new IndexList()];
    const [negativeAnchors, negatives] = [new IndexList(), new IndexList()];
    for (let a = 0; a < rows; a++) {
      const [sameCount, otherCount] = [positivesOf(comparison, a, same), negativesOf(comparison, a, other)];
      const closeness = (column: number) => sign * values[a * columns + column]!;
      let largest = Number.NEGATIVE_INFINITY;
      for (let o = 0; o < otherCount; o++) largest = Math.max(largest, closeness(other[o]!));
      let smallest = Number.POSITIVE_INFINITY;
      for (let s = 0; s < sameCount; s++) smallest = Math.min(smallest, closeness(same[s]!));
      for (let s = 0; s < sameCount; s++) {
        if (!(closeness(same[s]!) - epsilon < largest)) continue;
        anchors.push(a);
        positives.push(same[s]!);
      }
      for (let o = 0; o < otherCount; o++) {
        if (!(closeness(other[o]!) + epsilon > smallest)) continue;
        negativeAnchors.push(a);
        negatives.push(other[o]!);
      }
    }
    return {
      kind: 'pairs',
      anchors: anchors.toArray(),
      positives: positives.toArray(),
      negativeAnchors: negativeAnchors.toArray(),
      negatives: negatives.toArray(),
    };
  };
}
