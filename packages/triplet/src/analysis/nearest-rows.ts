import * as tf from '@tensorflow/tfjs';
import { requireEmbeddings, requireInteger } from '../checks.js';
import { cosineSimilarity } from '../distances/cosine-similarity.js';
import type { Distance } from '../distances/distance.js';
import { OptionError } from '../errors.js';
import { nearestByProducts } from './nearest-by-products.js';

/** Values of a block: 16 MiB, which stay in many a processor's cache. */
const BLOCK_VALUES = 1 << 22;

/** Options of {@link nearestRows}. */
export interface NearestRowsOptions {
  /** k, at most as many as there are rows to find. Default 1. */
  readonly count?: number;
  /** `[G, D]`, what is searched. Default: the rows themselves, each without itself. */
  readonly gallery?: tf.Tensor2D;
  /** Default cosine. */
  readonly distance?: Distance;
  /** Rows that are compared at a time: memory is at most this times the size of the gallery. Default: what fits into 16 MiB. */
  readonly blockSize?: number;
}

/** What {@link nearestRows} returns: `count` numbers a row in each list, the nearest first. */
export interface NearestRows {
  /** Rows of the gallery. */
  readonly indices: Int32Array;
  /** Their similarities or distances. */
  readonly values: Float32Array;
}

/**
 * The nearest rows of every row, found exactly, block by block. Ties go to the lowest index; NaN is never near.
 *
 * Cheaper than `evaluateEmbeddings` where only the first few matter, as for R@1.
 *
 * @param embeddings `[B, D]` float32
 * @throws EmbeddingsError, EmptyBatchError, OptionError
 * @example
 * const { indices } = nearestRows(embeddings);
 * const hits = indices.filter((nearest, row) => labels[nearest] === labels[row]).length;
 */
export function nearestRows(
  embeddings: tf.Tensor2D,
  { count = 1, gallery, distance = cosineSimilarity(), ...options }: NearestRowsOptions = {},
): NearestRows {
  const [rows, width] = requireEmbeddings('embeddings', embeddings);
  const items = gallery ?? embeddings;
  const [columns] = requireEmbeddings('gallery', items, width);
  const { blockSize = Math.max(1, Math.floor(BLOCK_VALUES / columns)) } = options;
  requireInteger('count', count, 1);
  requireInteger('blockSize', blockSize, 1);
  const excludeSelf = gallery === undefined;
  const most = excludeSelf ? columns - 1 : columns;
  if (count > most) {
    throw new OptionError(`count: expected at most ${most}, the rows that can be found, got ${count}`);
  }
  const byProducts = nearestByProducts(distance, embeddings, gallery, count, blockSize);
  if (byProducts) return byProducts;
  const sign = distance.largerIsCloser ? 1 : -1;
  const found = { indices: new Int32Array(rows * count).fill(-1), values: new Float32Array(rows * count) };
  const closeness = new Float32Array(count);
  for (let start = 0; start < rows; start += blockSize) {
    const size = Math.min(blockSize, rows - start);
    const block = tf.tidy(() => distance.matrix(tf.slice(embeddings, [start, 0], [size, width]), items));
    const values = block.dataSync();
    block.dispose();
    for (let row = 0; row < size; row++) {
      const own = excludeSelf ? start + row : -1;
      const indices = found.indices.subarray((start + row) * count, (start + row + 1) * count);
      select(values, row * columns, columns, own, sign, indices, closeness);
      for (let i = 0; i < count; i++) {
        const index = indices[i]!;
        found.values[(start + row) * count + i] = index < 0 ? Number.NaN : values[row * columns + index]!;
      }
    }
  }
  return found;
}

/** Keeps the closest columns of a row in order, by insertion. */
function select(
  values: ArrayLike<number>,
  offset: number,
  columns: number,
  own: number,
  sign: 1 | -1,
  indices: Int32Array,
  closeness: Float32Array,
): void {
  const last = indices.length - 1;
  closeness.fill(Number.NEGATIVE_INFINITY);
  for (let column = 0; column < columns; column++) {
    const value = sign * values[offset + column]!;
    if (!(value > closeness[last]!) || column === own) continue;
    let place = last;
    for (; place > 0 && value > closeness[place - 1]!; place--) {
      closeness[place] = closeness[place - 1]!;
      indices[place] = indices[place - 1]!;
    }
    closeness[place] = value;
    indices[place] = column;
  }
}
