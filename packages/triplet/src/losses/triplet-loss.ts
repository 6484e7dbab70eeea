import type * as tf from '@tensorflow/tfjs';
import { cosineSimilarity } from '../distances/cosine-similarity.js';
import type { Labels } from '../labels.js';
import { mean } from '../reducers/mean.js';
import { batchLoss, type LossDefaults } from './batch-loss.js';
import { evaluateTriplets } from './evaluate-triplets.js';
import type { LossOptions } from './loss-options.js';
import type { TripletTerm } from './triplet-term.js';

/** Options of {@link tripletLoss}. */
export interface TripletLossOptions extends LossOptions {
  /** Takes the positive–negative distance in place of the anchor–negative one where it is smaller. Default false. */
  readonly swap?: boolean;
}

/**
 * The loss of a batch of embeddings: a term of each triplet that the miner chooses, reduced to one number.
 *
 * The named losses are this function with their term and defaults. All triplets need no list of them: memory stays O(B²).
 * Without any valid triplet the loss is 0, with zero gradient.
 *
 * @param embeddings `[B, D]` float32
 * @param labels `[B]` int32 or numbers
 * @param term loss of one triplet
 * @param options distance (default cosine), miner (default all triplets), reducer (default mean), reference set
 * @returns a scalar; the caller disposes it
 * @throws EmbeddingsError, LabelsError, EmptyBatchError, NonFiniteError, TuplesError, ReferenceSetError, OptionError
 */
export function tripletLoss(
  embeddings: tf.Tensor2D,
  labels: Labels,
  term: TripletTerm,
  { swap = false, ...options }: TripletLossOptions = {},
  defaults: LossDefaults = { distance: cosineSimilarity(), reducer: mean() },
): tf.Scalar {
  return batchLoss(embeddings, labels, options, defaults, (comparison, tuples, reducer) =>
    evaluateTriplets(comparison, tuples, { term, reducer, swap }),
  );
}
