import type * as tf from '@tensorflow/tfjs';
import { withGradient } from './with-gradient.js';

/** The value of `compute` as a constant: no gradient goes through it. The caller disposes it. */
export function withoutGradient<T extends tf.Tensor>(compute: () => T): T {
  return withGradient([], [], compute, () => []);
}
