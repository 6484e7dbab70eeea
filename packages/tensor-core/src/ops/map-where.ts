import * as tf from '@tensorflow/tfjs';
import { OpShapeError } from './errors.js';
import { requireDtype } from './require-argument.js';
import { select } from './select.js';

/** What {@link mapWhere} puts where the condition does not hold. */
export interface MapWhereOptions {
  /** A value at which f and its derivative are finite; f sees it in place of x. Default 1. */
  readonly safe?: number;
  /** The result where the condition does not hold. Default 0. */
  readonly otherwise?: number;
}

/**
 * f(x) where the condition holds, else `otherwise`, with gradient 0 there: f never sees the values that it cannot take.
 *
 * `tf.where(x.greater(0), x.sqrt(), 0)` has the gradient 0 · ∞ = NaN at 0; `mapWhere(x.greater(0), x, tf.sqrt)` has 0.
 *
 * @param condition bool, of x's shape
 * @param x float32
 * @param f elementwise
 * @returns float32 of x's shape; the caller disposes it
 * @throws OpDtypeError, OpShapeError
 */
export function mapWhere<T extends tf.Tensor>(
  condition: tf.Tensor,
  x: T,
  f: (x: T) => tf.Tensor,
  { safe = 1, otherwise = 0 }: MapWhereOptions = {},
): T {
  requireDtype('mapWhere: condition', condition, 'bool');
  requireDtype('mapWhere: x', x, 'float32');
  if (condition.shape.join() !== x.shape.join()) {
    throw new OpShapeError(`mapWhere: condition: expected x's shape [${x.shape}], got [${condition.shape}]`);
  }
  return tf.tidy(() => select(condition, f(select(condition, x, tf.scalar(safe)) as T), tf.scalar(otherwise)) as T);
}
