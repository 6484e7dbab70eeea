import type * as tf from '@tensorflow/tfjs';
import { cosineSimilarity } from '../distances/cosine-similarity.js';
import type { Distance } from '../distances/distance.js';
import type { Labels } from '../labels.js';
import { compare, type ReferenceSet } from '../pairs/comparison.js';
import { listTriplets } from '../pairs/convert-tuples.js';
import { type Pairs, requireTuples, type Triplets } from '../pairs/tuples.js';
import type { Miner } from './miner.js';

/** Options of {@link mine}. */
export interface MineOptions {
  /** Default cosine. */
  readonly distance?: Distance;
  readonly reference?: ReferenceSet;
}

/**
 * The triplets or pairs that a miner chooses, as lists of indices: to look at, or for a loss on another distance than the miner's.
 *
 * @param embeddings `[B, D]` float32
 * @param labels `[B]` int32 or numbers
 * @throws EmbeddingsError, LabelsError, EmptyBatchError, NonFiniteError, ReferenceSetError, OptionError
 * @example
 * const { anchors, positives, negatives } = mine(batchHard(), embeddings, labels);
 */
export function mine(
  miner: Miner,
  embeddings: tf.Tensor2D,
  labels: Labels,
  { distance = cosineSimilarity(), reference }: MineOptions = {},
): Triplets | Pairs {
  const comparison = compare({ embeddings, labels, distance, reference });
  const tuples = requireTuples(miner(comparison), comparison.rows, comparison.columns);
  return tuples.kind === 'range' ? listTriplets(comparison, tuples) : tuples;
}
