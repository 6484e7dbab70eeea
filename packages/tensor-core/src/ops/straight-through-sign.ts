import * as tf from '@tensorflow/tfjs';
import { OpOptionError } from './errors.js';
import { requireDtype } from './require-argument.js';
import { straightThrough } from './straight-through.js';
import { withGradient } from './with-gradient.js';

/** Options of {@link straightThroughSign}. */
export interface StraightThroughSignOptions {
  /** The gradient passes where |x| ≤ window. Default Infinity: everywhere; 1 is the gradient of a hard tanh. */
  readonly window?: number;
}

/**
 * Sign with values −1 and +1 and the straight-through gradient: y = +1 where x ≥ 0, else −1; dx = dy where |x| ≤ window, else 0.
 *
 * @param x float32
 * @returns float32 of x's shape; the caller disposes it
 * @throws OpDtypeError, OpOptionError
 */
export function straightThroughSign<T extends tf.Tensor>(
  x: T,
  { window = Number.POSITIVE_INFINITY }: StraightThroughSignOptions = {},
): T {
  requireDtype('straightThroughSign: x', x, 'float32');
  if (!(window > 0)) throw new OpOptionError(`straightThroughSign: window: expected a number above 0, got ${window}`);
  const sign = () => tf.sub(tf.mul(2, tf.cast(tf.greaterEqual(x, 0), 'float32')), 1) as T;
  if (window === Number.POSITIVE_INFINITY) return straightThrough(x, sign);
  return withGradient([x], [x], sign, (dy, [input]) => [
    tf.where(tf.lessEqual(tf.abs(input!), window), dy, tf.zerosLike(dy)),
  ]);
}
