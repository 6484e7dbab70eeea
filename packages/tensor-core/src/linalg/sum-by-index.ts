import * as tf from '@tensorflow/tfjs';

/** Sums of the rows with the same index, `[count × d]`; as a product with one-hot rows where the backend has no segment sums. */
export function sumByIndex(rows: tf.Tensor2D, indices: tf.Tensor1D, count: number): tf.Tensor2D {
  if (tf.getKernel(tf.UnsortedSegmentSum, tf.getBackend())) return tf.unsortedSegmentSum(rows, indices, count);
  // oneHot of dtype float32 is wrong on stock wasm.
  return tf.tidy(() => tf.matMul(tf.cast(tf.oneHot(indices, count), 'float32') as tf.Tensor2D, rows, true));
}
