import { evaluateRetrieval, type RetrievalOptions, type RetrievalScores } from '@tensor-papers/numerics/metrics';
import * as tf from '@tensorflow/tfjs';
import { requireEmbeddings } from '../checks.js';
import { cosineSimilarity } from '../distances/cosine-similarity.js';
import type { Distance } from '../distances/distance.js';
import { type Labels, readLabels } from '../labels.js';

/** Options of {@link evaluateEmbeddings}. */
export interface EvaluateEmbeddingsOptions extends Omit<RetrievalOptions, 'better'> {
  /** Default cosine. */
  readonly distance?: Distance;
  /** What is searched. Default: the queries themselves, each without itself. */
  readonly gallery?: { readonly embeddings: tf.Tensor2D; readonly labels: Labels };
  /** Queries that are compared at a time: memory is this times the size of the gallery. Default 256. */
  readonly blockSize?: number;
}

/**
 * Retrieval with an embedding: R@K (`hitAt`), R-precision, MAP@R, mAP and the rest of `evaluateRetrieval`, block by block.
 *
 * Queries without a relevant item are skipped; ties go to the lowest index unless `ties` says `'expected'`. For metric learning the classes
 * are those that training has not seen.
 *
 * @param embeddings `[Q, D]` float32
 * @param labels `[Q]` int32 or numbers, at least 0
 * @throws EmbeddingsError, LabelsError, EmptyBatchError, NonFiniteError, and those of `evaluateRetrieval`
 * @example
 * const { hitAt, averagePrecisionAtR } = evaluateEmbeddings(embeddings, labels, { at: [1, 2, 4, 8] });
 */
export function evaluateEmbeddings(
  embeddings: tf.Tensor2D,
  labels: Labels,
  { distance = cosineSimilarity(), gallery, blockSize = 256, ...options }: EvaluateEmbeddingsOptions = {},
): RetrievalScores {
  const [queries, width] = requireEmbeddings('embeddings', embeddings);
  const queryLabels = readLabels('labels', labels, queries);
  const items = gallery?.embeddings ?? embeddings;
  const [itemCount] = requireEmbeddings('gallery embeddings', items, width);
  const itemLabels = gallery && readLabels('gallery labels', gallery.labels, itemCount);
  let [start, block] = [-1, new Float32Array(0)];
  const row = (query: number) => {
    const wanted = query - (query % blockSize);
    if (wanted !== start) {
      start = wanted;
      const rows = tf.slice(embeddings, [start, 0], [Math.min(blockSize, queries - start), width]);
      const values = distance.matrix(rows, items);
      block = Float32Array.from(values.dataSync());
      tf.dispose([rows, values]);
    }
    return block.subarray((query - start) * itemCount, (query - start + 1) * itemCount);
  };
  const relevance = itemLabels ? { queryLabels, itemLabels } : { queryLabels };
  const better = distance.largerIsCloser ? 'higher' : 'lower';
  return evaluateRetrieval(row, relevance, { ties: 'index', ...options, better });
}
