import type * as tf from '@tensorflow/tfjs';
import type { Labels } from '../labels.js';
import { type NcaTermOptions, ncaTerm } from './nca-term.js';
import { type TripletLossOptions, tripletLoss } from './triplet-loss.js';

/**
 * Triplet loss in NCA (log-ratio) form, softplus((S_an − S_ap)/τ), of the triplets that the miner chooses (default all).
 *
 * With an easy-positive miner it is the paper's HN and SHN: see `hardNegativeLoss` and `semiHardNegativeLoss`.
 *
 * @param embeddings `[B, D]` float32
 * @param labels `[B]` int32 or numbers
 * @returns a scalar; the caller disposes it
 * @throws as {@link tripletLoss}
 */
export function ncaTripletLoss(
  embeddings: tf.Tensor2D,
  labels: Labels,
  { temperature, secondOrder, ...options }: TripletLossOptions & NcaTermOptions = {},
): tf.Scalar {
  return tripletLoss(embeddings, labels, ncaTerm({ temperature, secondOrder }), options);
}
