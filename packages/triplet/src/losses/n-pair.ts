import type * as tf from '@tensorflow/tfjs';
import { dotProduct } from '../distances/dot-product.js';
import type { Labels } from '../labels.js';
import { type Comparison, isPositive } from '../pairs/comparison.js';
import { toPairs } from '../pairs/convert-tuples.js';
import { IndexList } from '../pairs/index-list.js';
import type { Pairs, Tuples } from '../pairs/tuples.js';
import { mean } from '../reducers/mean.js';
import { batchLoss } from './batch-loss.js';
import { evaluateRows } from './evaluate-rows.js';
import type { LossOptions } from './loss-options.js';
import { softmaxTerm } from './nt-xent.js';

/** One positive pair a class, the first that is chosen; the negatives of its anchor are the positives of the other classes. */
function onePairAClass(comparison: Comparison, tuples: Tuples): Pairs {
  const chosen = new Map<number, readonly [number, number]>();
  const { labels, rows, columns } = comparison;
  const offer = (anchor: number, positive: number) => {
    const label = labels[anchor]!;
    if (!chosen.has(label)) chosen.set(label, [anchor, positive]);
  };
  if (tuples.kind === 'range') {
    for (let a = 0; a < rows; a++) {
      for (let p = 0; p < columns && !chosen.has(labels[a]!); p++) if (isPositive(comparison, a, p)) offer(a, p);
    }
  } else {
    const { anchors, positives } = toPairs(comparison, tuples);
    anchors.forEach((anchor, i) => {
      offer(anchor, positives[i]!);
    });
  }
  const all = [...chosen.values()];
  const [negativeAnchors, negatives] = [new IndexList(), new IndexList()];
  all.forEach(([anchor], i) => {
    all.forEach(([, positive], j) => {
      if (i === j) return;
      negativeAnchors.push(anchor);
      negatives.push(positive);
    });
  });
  return {
    kind: 'pairs',
    anchors: Int32Array.from(all, ([anchor]) => anchor),
    positives: Int32Array.from(all, ([, positive]) => positive),
    negativeAnchors: negativeAnchors.toArray(),
    negatives: negatives.toArray(),
  };
}

/**
 * N-pair loss (Sohn, NIPS 2016): softmax cross-entropy of each class's anchor · positive against the positives of all other classes; the
 * mean over classes by default. A class gives its first positive pair; classes of one image give none.
 *
 * The distance is the dot product of rows of any length; the paper keeps their lengths small with a penalty of its own, which is the
 * caller's to add. A miner only decides which positive pair a class gives.
 *
 * @param embeddings `[B, D]` float32
 * @param labels `[B]` int32 or numbers
 * @returns a scalar; the caller disposes it
 * @throws as `pairLoss`
 */
export function nPairLoss(embeddings: tf.Tensor2D, labels: Labels, options: LossOptions = {}): tf.Scalar {
  const defaults = { distance: dotProduct(), reducer: mean() };
  return batchLoss(embeddings, labels, options, defaults, (comparison, tuples, reducer) =>
    evaluateRows(comparison, onePairAClass(comparison, tuples), softmaxTerm(1), reducer),
  );
}
