import * as tf from '@tensorflow/tfjs';

/**
 * Sampling grids that are linear in what decides them: grid[b, i, j, a] = Σ_k basis[i, j, k] · coefficients[b, a, k].
 *
 * @param basis float32 `[h, w, K]`
 * @param coefficients float32 `[B, 2, K]`
 * @returns float32 `[B, h, w, 2]`; the caller disposes it
 */
export function linearGrid(basis: tf.Tensor3D, coefficients: tf.Tensor3D): tf.Tensor4D {
  const [height, width, terms] = basis.shape;
  const batch = coefficients.shape[0];
  return tf.tidy(() => {
    const rows = tf.reshape(coefficients, [2 * batch, terms]) as tf.Tensor2D;
    const pixels = tf.reshape(basis, [height * width, terms]) as tf.Tensor2D;
    const product = tf.matMul(rows, pixels, false, true); // [2B, h·w]
    const pointsLast = tf.transpose(tf.reshape(product, [batch, 2, height * width]), [0, 2, 1]);
    return tf.reshape(pointsLast, [batch, height, width, 2]);
  });
}
