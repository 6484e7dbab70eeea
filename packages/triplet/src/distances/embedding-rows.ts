import type * as tf from '@tensorflow/tfjs';
import { requireEmbeddings } from '../checks.js';
import { NonFiniteError } from '../errors.js';

/** Rows that are not longer than this count as zero. */
export const ZERO_LENGTH = 1e-12;

/** Embeddings as numbers: as they are, or scaled to length 1. */
export interface EmbeddingRows {
  readonly count: number;
  readonly width: number;
  /** `[count × width]`; for unit rows x / max(‖x‖, 1e-12). */
  readonly values: Float32Array;
  /** ‖row‖² of `values`. */
  readonly squares: Float64Array;
  /** ‖x‖ before the scaling; null where rows are taken as they are. */
  readonly lengths: Float64Array | null;
}

/** Reads a tensor of embeddings. Throws on another form than `[B, D]` float32, and where a value is NaN or infinite. */
export function readRows(what: string, embeddings: tf.Tensor2D, normalize: boolean): EmbeddingRows {
  const [count, width] = requireEmbeddings(what, embeddings);
  const given = embeddings.dataSync<'float32'>();
  const squares = new Float64Array(count);
  const lengths = normalize ? new Float64Array(count) : null;
  const values = normalize ? new Float32Array(given.length) : given;
  for (let row = 0; row < count; row++) {
    const end = (row + 1) * width;
    let square = 0;
    for (let i = row * width; i < end; i++) square += given[i]! * given[i]!;
    if (!Number.isFinite(square)) throw nonFinite(what, given, row, width);
    if (lengths) {
      const length = Math.sqrt(square);
      lengths[row] = length;
      const scale = 1 / Math.max(length, ZERO_LENGTH);
      square = 0;
      for (let i = row * width; i < end; i++) {
        const value = Math.fround(given[i]! * scale);
        values[i] = value;
        square += value * value;
      }
    }
    squares[row] = square;
  }
  return { count, width, values, squares, lengths };
}

function nonFinite(what: string, values: Float32Array, row: number, width: number): NonFiniteError {
  const column = values.subarray(row * width, (row + 1) * width).findIndex((value) => !Number.isFinite(value));
  return new NonFiniteError(
    `${what}: row ${row}, column ${column} is ${values[row * width + column]}: ` +
      'look for NaN in the inputs, then for a learning rate that is too high',
  );
}

/**
 * dL/dx from dL/dz, in place: (I − z zᵀ)/‖x‖ applied to each row, 0 for a row that counts as zero. Rows that were taken as they are stay.
 */
export function throughNormalisation({ count, width, values, lengths }: EmbeddingRows, gradient: Float32Array): void {
  if (!lengths) return;
  for (let row = 0; row < count; row++) {
    const end = (row + 1) * width;
    const length = lengths[row]!;
    if (length <= ZERO_LENGTH) {
      gradient.fill(0, row * width, end);
      continue;
    }
    let along = 0;
    for (let i = row * width; i < end; i++) along += values[i]! * gradient[i]!;
    for (let i = row * width; i < end; i++) gradient[i] = (gradient[i]! - along * values[i]!) / length;
  }
}
