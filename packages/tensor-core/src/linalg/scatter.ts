import type { Matrix, Scatter } from '@tensor-papers/numerics/linalg';
import * as tf from '@tensorflow/tfjs';

/** Bytes of a block: products of large blocks are faster, and sums in float32 over few rows exacter. */
const BLOCK_BYTES = 2 ** 24;

/** Moments of the rows around the origin: one matrix product a block, added up in float64. */
export async function scatter(rows: Matrix, origin: Float64Array): Promise<Scatter> {
  const d = rows.columns;
  const sums = new Float64Array(d);
  const products = new Float64Array(d * d);
  const step = Math.max(1, Math.floor(BLOCK_BYTES / (4 * d)));
  for (let start = 0; start < rows.rows; start += step) {
    const count = Math.min(step, rows.rows - start);
    const [product, sum] = tf.tidy(() => {
      const block = centredBlock(rows, start, count, origin);
      return [tf.matMul(block, block, true), tf.matMul(tf.ones<tf.Rank.R2>([1, count]), block)] as const;
    });
    try {
      addTo(products, await product.data());
      addTo(sums, await sum.data());
    } finally {
      tf.dispose([product, sum]);
    }
  }
  return { sums, products };
}

function centredBlock({ columns, values }: Matrix, start: number, count: number, origin: Float64Array): tf.Tensor2D {
  const block = values.subarray(start * columns, (start + count) * columns);
  if (block instanceof Float32Array) {
    return tf.sub(tf.tensor2d(block, [count, columns]), tf.tensor1d(Float32Array.from(origin)));
  }
  // The difference of float64 values keeps digits that the values lose in float32.
  const centred = new Float32Array(block.length);
  for (let i = 0, at = 0; i < count; i++) for (let j = 0; j < columns; j++, at++) centred[at] = block[at]! - origin[j]!;
  return tf.tensor2d(centred, [count, columns]);
}

function addTo(sum: Float64Array, values: ArrayLike<number>): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
}
