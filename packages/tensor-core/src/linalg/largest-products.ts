import * as tf from '@tensorflow/tfjs';

/** An operation of `@tensor-papers/engine`, where it is compiled. */
const fused = 'TensorPapersLargestProduct';

/**
 * Of each row of x the row of c with the largest inner product; of equal ones the first.
 *
 * @param x `[n, d]`
 * @param c `[k, d]`
 * @returns `[n]`, whole numbers
 */
export function largestProducts(x: tf.Tensor2D, c: tf.Tensor2D): tf.Tensor1D {
  const backend = tf.getBackend();
  if (tf.getKernel(fused, backend)) return tf.engine().runKernel(fused, { x, c }) as tf.Tensor1D;
  return tf.tidy(() => argmaxRows(tf.matMul(x, c, false, true)));
}

function argmaxRows(rows: tf.Tensor2D): tf.Tensor1D {
  // TensorFlow's top-1 looks for the maximum with vector instructions, its argmax number by number; elsewhere argmax is faster.
  if (tf.getBackend() !== 'tensorflow') return tf.argMax(rows, 1);
  return tf.reshape(tf.topk(rows, 1).indices, [rows.shape[0]]);
}
