import type { Matrix, Scatter } from '@tensor-papers/numerics/linalg';
import * as tf from '@tensorflow/tfjs';
import { scaleOf } from './scale-of.js';

/** Bytes of a block: products of large blocks are faster, and sums in float32 over few rows exacter. */
const BLOCK_BYTES = 2 ** 24;

/** Columns that are multiplied by themselves and those after them: the product is symmetric, and its other half is not computed. */
const COLUMNS_TOGETHER = 256;

/** Moments of the rows around the origin: matrix products a block, added up in float64. */
export async function scatter(rows: Matrix, origin: Float64Array): Promise<Scatter> {
  const d = rows.columns;
  const sums = new Float64Array(d);
  const products = new Float64Array(d * d);
  const scale = scaleOf(rows, origin);
  const step = Math.max(1, Math.floor(BLOCK_BYTES / (4 * d)));
  for (let start = 0; start < rows.rows; start += step) {
    const count = Math.min(step, rows.rows - start);
    const { sum, strips } = tf.tidy(() => {
      const block = centredBlock(rows, start, count, origin, scale);
      return { sum: tf.matMul(tf.ones<tf.Rank.R2>([1, count]), block), strips: productStrips(block) };
    });
    try {
      addTo(sums, await sum.data(), 1 / scale);
      let column = 0;
      for (const strip of strips) {
        addStrip(products, d, column, await strip.data(), 1 / (scale * scale));
        column += strip.shape[0];
      }
    } finally {
      tf.dispose([sum, ...strips]);
    }
  }
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) products[i * d + j] = products[j * d + i]!;
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

/** Of XᵀX the rows of some columns after another, each from its first column on. */
function productStrips(block: tf.Tensor2D): tf.Tensor2D[] {
  const d = block.shape[1];
  // Strips of one width, so that none is narrow.
  const width = Math.ceil(d / Math.ceil(d / COLUMNS_TOGETHER));
  const strips: tf.Tensor2D[] = [];
  for (let from = 0; from < d; from += width) {
    const rest = tf.slice2d(block, [0, from], [-1, d - from]);
    strips.push(tf.matMul(tf.slice2d(rest, [0, 0], [-1, Math.min(width, d - from)]), rest, true));
  }
  return strips;
}

/** @param values rows and columns from `first` on, `[w × (d − first)]` */
function addStrip(products: Float64Array, d: number, first: number, values: ArrayLike<number>, scale: number): void {
  const width = d - first;
  for (let at = 0, row = first * d + first; at < values.length; at += width, row += d) {
    for (let j = 0; j < width; j++) products[row + j]! += values[at + j]! * scale;
  }
}

function addTo(sum: Float64Array, values: ArrayLike<number>, scale: number): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += values[i]! * scale;
}
