import * as tf from '@tensorflow/tfjs';
import { dotProduct } from '../distances/dot-product.js';
import { readRows } from '../distances/embedding-rows.js';
import type { Labels } from '../labels.js';
import { type TripletLossOptions, tripletLoss } from '../losses/triplet-loss.js';
import type { TripletTerm } from '../losses/triplet-term.js';

/** What {@link gradientKept} returns: one number a row. */
export interface GradientKept {
  /** ‖dL/dz‖, z as a free vector: the gradient without the normalisation's Jacobian. */
  readonly free: Float64Array;
  /** ‖x‖ · ‖dL/dx‖: the gradient with it, at the same scale. */
  readonly kept: Float64Array;
  /** kept / free in [0, 1]: what normalisation leaves of the gradient; NaN where the row has none. */
  readonly share: Float64Array;
}

/**
 * How much of each row's gradient the normalisation leaves, for a loss on cosines: the part of dL/dz that is orthogonal to z.
 *
 * A share near 0 on rows with hard negatives is problem 1 of the paper: they are too close to move.
 *
 * @param embeddings `[B, D]` float32
 * @param labels `[B]` int32 or numbers
 * @param options as of `tripletLoss`, but for the distance, which is the cosine, and the reference set
 * @throws as `tripletLoss`
 */
export function gradientKept(
  embeddings: tf.Tensor2D,
  labels: Labels,
  term: TripletTerm,
  options: Omit<TripletLossOptions, 'distance' | 'reference'> = {},
): GradientKept {
  const rows = readRows('embeddings', embeddings, true);
  const { count, width, values } = rows;
  const units = tf.tensor2d(values, [count, width]);
  const loss = (z: tf.Tensor) => tripletLoss(z as tf.Tensor2D, labels, term, { ...options, distance: dotProduct() });
  const gradientTensor = tf.grad(loss)(units);
  const gradient = gradientTensor.dataSync();
  tf.dispose([units, gradientTensor]);
  const [free, kept] = [new Float64Array(count), new Float64Array(count)];
  for (let row = 0; row < count; row++) {
    let [square, along] = [0, 0];
    for (let i = row * width; i < (row + 1) * width; i++) {
      square += gradient[i]! ** 2;
      along += gradient[i]! * values[i]!;
    }
    free[row] = Math.sqrt(square);
    kept[row] = Math.sqrt(Math.max(0, square - along ** 2));
  }
  return { free, kept, share: kept.map((value, row) => value / free[row]!) };
}
