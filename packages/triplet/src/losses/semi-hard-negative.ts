import type * as tf from '@tensorflow/tfjs';
import type { Labels } from '../labels.js';
import { easyPositiveSemiHardNegative } from '../miners/easy-positive.js';
import type { HardNegativeLossOptions } from './hard-negative.js';
import { ncaTripletLoss } from './nca-triplet.js';

/**
 * SHN, the usual way around the collapse: NCA form on each anchor's easy positive and its closest negative that is not closer than that
 * (defaults τ = 0.1, cosines, the mean). Anchors without such a negative are left out; ties stay.
 *
 * @param embeddings `[B, D]` float32
 * @param labels `[B]` int32 or numbers
 * @param options another `miner` takes the place of this one
 * @returns a scalar; the caller disposes it
 * @throws as `tripletLoss`
 */
export function semiHardNegativeLoss(
  embeddings: tf.Tensor2D,
  labels: Labels,
  { duplicateThreshold, ...options }: HardNegativeLossOptions = {},
): tf.Scalar {
  const miner = easyPositiveSemiHardNegative(duplicateThreshold === undefined ? {} : { duplicateThreshold });
  return ncaTripletLoss(embeddings, labels, { ...options, miner: options.miner ?? miner });
}
