import type * as tf from '@tensorflow/tfjs';
import { requireNumber } from '../checks.js';
import { euclideanDistance } from '../distances/euclidean-distance.js';
import type { Labels } from '../labels.js';
import { meanNonZero } from '../reducers/mean-non-zero.js';
import type { LossOptions } from './loss-options.js';
import { pairLoss } from './pair-loss.js';
import type { RowTerm } from './row-term.js';

/** Options of {@link contrastiveLoss}. */
export interface ContrastiveLossOptions extends LossOptions {
  /** A positive pair that is at least this close costs nothing. Default: distance 0, similarity 1. */
  readonly positiveMargin?: number;
  /** A negative pair that is at least this far costs nothing. Default: distance 1, similarity 0. */
  readonly negativeMargin?: number;
}

function contrastiveTerm(positiveMargin: number, negativeMargin: number): RowTerm {
  return {
    name: 'contrastive',
    parts: 2,
    evaluate: ({ positives, positiveCount, negatives, negativeCount }, emit, slopes) => {
      for (let k = 0; k < positiveCount; k++) {
        const loss = positiveMargin - positives[k]!;
        if (emit(Math.max(loss, 0), 0) && loss > 0) slopes.positives[k] = -1;
      }
      for (let k = 0; k < negativeCount; k++) {
        const loss = negatives[k]! - negativeMargin;
        if (emit(Math.max(loss, 0), 1) && loss > 0) slopes.negatives[k] = 1;
      }
    },
  };
}

/**
 * Contrastive loss (Hadsell et al., CVPR 2006, without the squares): relu(d_ap − m₊) of positive and relu(m₋ − d_an) of negative pairs, each
 * reduced on its own (default: the mean over those above 0), then added.
 *
 * @param embeddings `[B, D]` float32
 * @param labels `[B]` int32 or numbers
 * @param options defaults: Euclidean distance of unit rows, m₊ = 0, m₋ = 1; for similarities relu(m₊ − S) and relu(S − m₋) with 1 and 0
 * @returns a scalar; the caller disposes it
 * @throws as `pairLoss`
 */
export function contrastiveLoss(
  embeddings: tf.Tensor2D,
  labels: Labels,
  { positiveMargin, negativeMargin, ...options }: ContrastiveLossOptions = {},
): tf.Scalar {
  const distance = options.distance ?? euclideanDistance();
  const larger = distance.largerIsCloser;
  const positive = requireNumber('positiveMargin', positiveMargin ?? (larger ? 1 : 0));
  const negative = requireNumber('negativeMargin', negativeMargin ?? (larger ? 0 : 1));
  const term = larger ? contrastiveTerm(positive, negative) : contrastiveTerm(-positive, -negative);
  return pairLoss(embeddings, labels, term, options, { distance, reducer: meanNonZero() });
}
