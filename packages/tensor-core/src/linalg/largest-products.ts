import * as tf from '@tensorflow/tfjs';

/** An operation of `@tensor-papers/engine`, where it is compiled. */
const fused = 'TensorPapersLargestProduct';
const isFused = () => tf.getKernel(fused, tf.getBackend()) !== undefined;

/** Products that are written down at once where the operation is missing: they stay in the processor's cache. */
const productsAtOnce = 2 ** 21;

/** Rows that are best given together: some, as their products are written down, or many. */
export const rowsTogether = (columns: number): number =>
  isFused() ? Math.min(65_536, Math.max(8192, Math.floor(2 ** 22 / columns))) : 8192;

/**
 * Of each row of x the row of c with the largest inner product; of equal ones the first.
 *
 * @param x `[n, d]`
 * @param c `[k, d]`
 * @returns `[n]`, whole numbers
 */
export function largestProducts(x: tf.Tensor2D, c: tf.Tensor2D): tf.Tensor1D {
  if (isFused()) return tf.engine().runKernel(fused, { x, c }) as tf.Tensor1D;
  const [n, d] = x.shape;
  const step = Math.max(1, Math.floor(productsAtOnce / c.shape[0]));
  return tf.tidy(() => {
    const parts: tf.Tensor1D[] = [];
    for (let from = 0; from < n; from += step) {
      const part = step >= n ? x : tf.slice2d(x, [from, 0], [Math.min(step, n - from), d]);
      parts.push(tf.tidy(() => argmaxRows(tf.matMul(part, c, false, true))));
    }
    return parts.length === 1 ? parts[0]! : tf.concat1d(parts);
  });
}

function argmaxRows(rows: tf.Tensor2D): tf.Tensor1D {
  // TensorFlow's top-1 looks for the maximum with vector instructions, its argmax number by number; elsewhere argmax is faster.
  if (tf.getBackend() !== 'tensorflow') return tf.argMax(rows, 1);
  return tf.reshape(tf.topk(rows, 1).indices, [rows.shape[0]]);
}
