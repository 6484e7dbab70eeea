import * as tf from '@tensorflow/tfjs';

/** An operation of `@tensor-papers/engine`, where it is compiled. */
const fused = 'TensorPapersCorrelateSigns';

/** Where the operation is missing: sums over more rows lose digits in float32, and their products leave the processor's cache. */
const rowsAtOnce = 2 ** 14;

/**
 * Σ x·sgn(x·R) over the rows x, where sgn 0 = 1.
 *
 * @param x `[n, d]`
 * @param r `[d, k]`
 * @returns `[d, k]`
 */
export function correlateSigns(x: tf.Tensor2D, r: tf.Tensor2D): tf.Tensor2D {
  if (tf.getKernel(fused, tf.getBackend())) return tf.engine().runKernel(fused, { x, r }) as tf.Tensor2D;
  return tf.tidy(() => {
    const parts: tf.Tensor2D[] = [];
    for (let from = 0; from < x.shape[0]; from += rowsAtOnce) {
      const rows = tf.slice2d(x, [from, 0], [Math.min(rowsAtOnce, x.shape[0] - from), -1]);
      const positive = tf.cast(tf.greaterEqual(tf.matMul(rows, r), 0), 'float32');
      parts.push(tf.matMul(rows, tf.sub(tf.mul(positive, 2), 1), true));
    }
    return tf.addN(parts);
  });
}
