import * as tf from '@tensorflow/tfjs';
import { requireEmbeddings } from '../checks.js';
import type { Distance } from '../distances/distance.js';
import { EmbeddingsError } from '../errors.js';
import { ntXentLoss } from './nt-xent.js';

/** Options of {@link infoNceLoss}. */
export interface InfoNceLossOptions {
  /** Default cosine. */
  readonly distance?: Distance;
  /** τ > 0. Default 0.07. */
  readonly temperature?: number;
  /** The mean of both directions, queries to keys and keys to queries (CLIP). Default false. */
  readonly symmetric?: boolean;
}

/**
 * InfoNCE (van den Oord et al., 2018): −mean_i log(e^{S_ii/τ} / Σ_j e^{S_ij/τ}), S between queries and keys. Key i belongs to query i, all
 * other keys are its negatives.
 *
 * @param queries `[B, D]` float32
 * @param keys `[B, D]` float32; they get a gradient too
 * @returns a scalar; the caller disposes it
 * @throws EmbeddingsError, EmptyBatchError, NonFiniteError, OptionError
 */
export function infoNceLoss(
  queries: tf.Tensor2D,
  keys: tf.Tensor2D,
  { distance, temperature = 0.07, symmetric = false }: InfoNceLossOptions = {},
): tf.Scalar {
  const [rows, width] = requireEmbeddings('queries', queries);
  const [keyRows] = requireEmbeddings('keys', keys, width);
  if (rows !== keyRows) throw new EmbeddingsError(`keys: expected ${rows} rows, one a query, got ${keyRows}`);
  const labels = Int32Array.from({ length: rows }, (_, i) => i);
  const options = { temperature, ...(distance ? { distance } : {}) };
  const oneWay = (from: tf.Tensor2D, to: tf.Tensor2D) =>
    ntXentLoss(from, labels, { ...options, reference: { embeddings: to, labels } });
  if (!symmetric) return oneWay(queries, keys);
  return tf.tidy(() => tf.div(tf.add(oneWay(queries, keys), oneWay(keys, queries)), 2) as tf.Scalar);
}
