import type * as tf from '@tensorflow/tfjs';
import { euclideanDistance } from '../distances/euclidean-distance.js';
import type { Labels } from '../labels.js';
import { meanNonZero } from '../reducers/mean-non-zero.js';
import { type MarginTermOptions, marginTerm } from './margin-term.js';
import { type TripletLossOptions, tripletLoss } from './triplet-loss.js';

/**
 * Triplet margin loss: relu(d_ap − d_an + m), for similarities relu(S_an − S_ap + m).
 *
 * Forms: any distance (default Euclidean between unit rows), `smooth` (softplus), `swap`, any margin (default 0.05), any reducer (default
 * the mean over the triplets with a loss above 0).
 *
 * @param embeddings `[B, D]` float32
 * @param labels `[B]` int32 or numbers
 * @returns a scalar; the caller disposes it
 * @throws as {@link tripletLoss}
 * @example
 * const loss = tripletMarginLoss(embeddings, labels, { margin: 0.2, miner: batchHard() });
 */
export function tripletMarginLoss(
  embeddings: tf.Tensor2D,
  labels: Labels,
  { margin, smooth, ...options }: TripletLossOptions & MarginTermOptions = {},
): tf.Scalar {
  const defaults = { distance: euclideanDistance(), reducer: meanNonZero() };
  return tripletLoss(embeddings, labels, marginTerm({ margin, smooth }), options, defaults);
}
