import type * as tf from '@tensorflow/tfjs';
import type { Labels } from '../labels.js';
import { type DuplicateOption, easyPositiveHardNegative } from '../miners/easy-positive.js';
import type { NcaTermOptions } from './nca-term.js';
import { ncaTripletLoss } from './nca-triplet.js';
import type { TripletLossOptions } from './triplet-loss.js';

/** Options of {@link hardNegativeLoss} and `semiHardNegativeLoss`. */
export interface HardNegativeLossOptions extends TripletLossOptions, NcaTermOptions, DuplicateOption {}

/**
 * HN, the loss that collapses: NCA form on each anchor's easy positive and hardest negative (defaults τ = 0.1, cosines, the mean).
 *
 * On identical embeddings it is ln 2 (with `duplicateThreshold: null`), where it gets stuck.
 *
 * @param embeddings `[B, D]` float32
 * @param labels `[B]` int32 or numbers
 * @param options another `miner` takes the place of this one
 * @returns a scalar; the caller disposes it
 * @throws as `tripletLoss`
 */
export function hardNegativeLoss(
  embeddings: tf.Tensor2D,
  labels: Labels,
  { duplicateThreshold, ...options }: HardNegativeLossOptions = {},
): tf.Scalar {
  const miner = easyPositiveHardNegative(duplicateThreshold === undefined ? {} : { duplicateThreshold });
  return ncaTripletLoss(embeddings, labels, { ...options, miner: options.miner ?? miner });
}
