import * as tf from '@tensorflow/tfjs';
import { withGradient } from './with-gradient.js';

/**
 * min(max(x, low), high), with gradient 0 where x lies outside; NaN stays NaN.
 *
 * (`tf.clipByValue` makes a number of NaN on wasm, and cuts the gradient off where low = high.)
 */
export function clamp<T extends tf.Tensor>(x: T, low: number, high: number): T {
  return withGradient(
    [x],
    [x],
    () => tf.where(tf.greater(x, high), high, tf.where(tf.less(x, low), low, x)) as T,
    (dy, [input]) => {
      const outside = tf.logicalOr(tf.greater(input!, high), tf.less(input!, low));
      return [tf.where(outside, tf.zerosLike(dy), dy)];
    },
  );
}
