import type * as tf from '@tensorflow/tfjs';
import type { Labels } from '../labels.js';
import { type DuplicateOption, easyPositiveHardNegative } from '../miners/easy-positive.js';
import { type SelectivelyContrastiveTermOptions, selectivelyContrastiveTerm } from './selectively-contrastive-term.js';
import { type TripletLossOptions, tripletLoss } from './triplet-loss.js';

/** Options of {@link selectivelyContrastiveLoss}. */
export interface SelectivelyContrastiveLossOptions
  extends TripletLossOptions,
    SelectivelyContrastiveTermOptions,
    DuplicateOption {}

/**
 * SCT, the paper's loss: on each anchor's easy positive and hardest negative, λ S_an where the negative is the closer one, else the NCA
 * form (defaults λ = 1, τ = 0.1, cosines; (Σ easy + λ Σ hard) / (number of both)).
 *
 * A hard triplet gives no gradient through its positive pair.
 *
 * @param embeddings `[B, D]` float32
 * @param labels `[B]` int32 or numbers
 * @param options another `miner` takes the place of this one; masks and reductions of the authors' code: see `selectivelyContrastiveTerm`
 * @returns a scalar, negative where hard triplets have S_an < 0; the caller disposes it
 * @throws as `tripletLoss`
 * @example
 * const loss = selectivelyContrastiveLoss(embeddings, labels);
 */
export function selectivelyContrastiveLoss(
  embeddings: tf.Tensor2D,
  labels: Labels,
  {
    temperature,
    lambda,
    hardCutoff,
    cutoffRule,
    reduction,
    duplicateThreshold,
    ...options
  }: SelectivelyContrastiveLossOptions = {},
): tf.Scalar {
  const term = selectivelyContrastiveTerm({ temperature, lambda, hardCutoff, cutoffRule, reduction });
  const miner = easyPositiveHardNegative(duplicateThreshold === undefined ? {} : { duplicateThreshold });
  return tripletLoss(embeddings, labels, term, { ...options, miner: options.miner ?? miner });
}
