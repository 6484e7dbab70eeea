import type { Rng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';

/** Independent Gumbel noise −ln(−ln u), u uniform in (0, 1), for {@link gumbelSoftmax}. Float32; the caller disposes it. */
export function gumbelNoise(shape: readonly number[], rng: Rng): tf.Tensor {
  const values = Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => rng.gumbel());
  return tf.tensor(values, [...shape]);
}
