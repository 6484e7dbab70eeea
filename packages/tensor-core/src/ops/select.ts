import * as tf from '@tensorflow/tfjs';
import { requireBroadcast, requireDtype } from './require-argument.js';
import { sumToShape } from './sum-to-shape.js';
import { withGradient } from './with-gradient.js';

/**
 * a where the condition holds, else b; the three broadcast to one another.
 *
 * The gradient goes to the branch taken; the other gets exactly 0 there, also where the gradient that arrives is infinite or NaN (that of
 * `tf.where` is 0 · dy). A function whose own derivative is infinite at the values not taken, such as √x at 0, needs {@link mapWhere}.
 *
 * @param condition bool
 * @param a float32
 * @param b float32
 * @returns float32 of the common shape; the caller disposes it
 * @throws OpDtypeError, OpShapeError
 */
export function select(condition: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  requireDtype('select: condition', condition, 'bool');
  requireDtype('select: a', a, 'float32');
  requireDtype('select: b', b, 'float32');
  requireBroadcast('select', condition.shape, a.shape, b.shape);
  return withGradient(
    [a, b],
    [condition],
    () => tf.where(condition, a, b),
    (dy, [taken]) => [
      sumToShape(tf.where(taken!, dy, tf.zerosLike(dy)), a.shape),
      sumToShape(tf.where(taken!, tf.zerosLike(dy), dy), b.shape),
    ],
  );
}
