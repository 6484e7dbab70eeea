import * as tf from '@tensorflow/tfjs';

/** The values of a tensor that nobody else needs. (`tf.tidy` must not return them: it would walk through every number.) */
export function valuesOf(compute: () => tf.Tensor): Float32Array {
  const tensor = tf.tidy(compute);
  const values = tensor.dataSync<'float32'>();
  tensor.dispose();
  return values;
}
