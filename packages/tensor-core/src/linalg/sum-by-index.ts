import * as tf from '@tensorflow/tfjs';

/** Sums of the rows with the same index, `[count × d]`. Stock wasm has no segment sums. */
export function sumByIndex(rows: tf.Tensor2D, indices: tf.Tensor1D, count: number): tf.Tensor2D {
  if (!tf.getKernel(tf.UnsortedSegmentSum, tf.getBackend())) return sumByProduct(rows, indices, count);
  return tf.unsortedSegmentSum(rows, indices, count);
}

/** The same as a product with one-hot rows. */
export function sumByProduct(rows: tf.Tensor2D, indices: tf.Tensor1D, count: number): tf.Tensor2D {
  return tf.tidy(() => {
    // Not oneHot of dtype float32, which is wrong on stock wasm.
    const oneHot = tf.cast(tf.oneHot(indices, count), 'float32') as tf.Tensor2D;
    return tf.matMul(oneHot, rows, true);
  });
}
