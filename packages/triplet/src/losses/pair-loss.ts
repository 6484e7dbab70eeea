import type * as tf from '@tensorflow/tfjs';
import { cosineSimilarity } from '../distances/cosine-similarity.js';
import type { Labels } from '../labels.js';
import { mean } from '../reducers/mean.js';
import { batchLoss, type LossDefaults } from './batch-loss.js';
import { evaluateRows } from './evaluate-rows.js';
import type { LossOptions } from './loss-options.js';
import type { RowTerm } from './row-term.js';

/**
 * A loss over positive and negative pairs: a term of the pairs of each anchor, reduced to one number.
 *
 * The named pair losses are this function with their term and defaults. Triplets of a miner count as their two pairs.
 *
 * @param embeddings `[B, D]` float32
 * @param labels `[B]` int32 or numbers
 * @param term loss of the pairs of one anchor
 * @param options distance (default cosine), miner (default all pairs), reducer (default mean), reference set
 * @returns a scalar, 0 with zero gradient where nothing counts; the caller disposes it
 * @throws EmbeddingsError, LabelsError, EmptyBatchError, NonFiniteError, TuplesError, ReferenceSetError, OptionError
 */
export function pairLoss(
  embeddings: tf.Tensor2D,
  labels: Labels,
  term: RowTerm,
  options: LossOptions = {},
  defaults: LossDefaults = { distance: cosineSimilarity(), reducer: mean() },
): tf.Scalar {
  return batchLoss(embeddings, labels, options, defaults, (comparison, tuples, reducer) =>
    evaluateRows(comparison, tuples, term, reducer),
  );
}
