import type { Matrix, Scatter } from '@tensor-papers/numerics/linalg';
import * as tf from '@tensorflow/tfjs';
import { scaleOf } from './scale-of.js';

/** Bytes of a block: products of large blocks are faster, and sums in float32 over few rows exacter. */
const BLOCK_BYTES = 2 ** 24;

/** Moments of the rows around the origin: one matrix product a block, added up in float64. */
export async function scatter(rows: Matrix, origin: Float64Array): Promise<Scatter> {
  const d = rows.columns;
  const sums = new Float64Array(d);
  const products = new Float64Array(d * d);
  const scale = scaleOf(rows, origin);
  const step = Math.max(1, Math.floor(BLOCK_BYTES / (4 * d)));
  for (let start = 0; start < rows.rows; start += step) {
    const count = Math.min(step, rows.rows - start);
    const [product, sum] = tf.tidy(() => {
      const block = centredBlock(rows, start, count, origin, scale);
      return [tf.matMul(block, block, true), tf.matMul(tf.ones<tf.Rank.R2>([1, count]), block)] as const;
    });
    try {
      addTo(products, await product.data(), 1 / (scale * scale));
      addTo(sums, await sum.data(), 1 / scale);
    } finally {
      tf.dispose([product, sum]);
    }
  }
  return { sums, products };
}

function centredBlock(
  { columns, values }: Matrix,
  start: number,
  count: number,
  origin: Float64Array,
  scale: number,
): tf.Tensor2D {
  const block = values.subarray(start * columns, (start + count) * columns);
  if (block instanceof Float32Array) {
    const centred = tf.sub<tf.Tensor2D>(tf.tensor2d(block, [count, columns]), tf.tensor1d(Float32Array.from(origin)));
    return scale === 1 ? centred : tf.mul(centred, scale);
  }
  // The difference of float64 values keeps digits that the values lose in float32.
  const centred = new Float32Array(block.length);
  for (let i = 0, at = 0; i < count; i++) {
    for (let j = 0; j < columns; j++, at++) centred[at] = (block[at]! - origin[j]!) * scale;
  }
  return tf.tensor2d(centred, [count, columns]);
}

function addTo(sum: Float64Array, values: ArrayLike<number>, scale: number): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += values[i]! * scale;
}
