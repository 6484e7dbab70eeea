import * as tf from '@tensorflow/tfjs';
import { OpShapeError } from './errors.js';
import { requireDtype, requirePositive } from './require-argument.js';
import { select } from './select.js';
import { withGradient } from './with-gradient.js';

/** Options of {@link l2Normalize}. */
export interface L2NormalizeOptions {
  /** Lengths below this count as this. Default 1e-12. */
  readonly epsilon?: number;
}

/**
 * Scales the rows of x to length 1: z = x / max(‖x‖₂, ε).
 *
 * dx = (dy − z·⟨z, dy⟩) / ‖x‖; 0 for a row that is not longer than ε, so a row of zeros stays there and spoils nothing. Squares of very
 * long and very short rows do not overflow.
 *
 * @param x float32 `[..., D]`
 * @returns float32 `[..., D]`; the caller disposes it
 * @throws OpDtypeError, OpShapeError, OpOptionError
 */
export function l2Normalize<T extends tf.Tensor>(x: T, { epsilon = 1e-12 }: L2NormalizeOptions = {}): T {
  requireDtype('l2Normalize: x', x, 'float32');
  if (x.rank === 0) throw new OpShapeError('l2Normalize: x: expected the shape [..., D], got a scalar');
  requirePositive('l2Normalize: epsilon', epsilon);
  const divide = (rows: tf.Tensor) => {
    const largest = tf.max(tf.abs(rows), -1, true); // [..., 1]
    const scale = select(tf.greater(largest, 0), largest, tf.scalar(1));
    const length = tf.mul(tf.norm(tf.div(rows, scale), 'euclidean', -1, true), scale);
    return { z: tf.div(rows, tf.maximum(length, epsilon)) as T, length };
  };
  return withGradient(
    [x],
    [x],
    () => divide(x).z,
    (dy, [rows]) => {
      const { z, length } = divide(rows!);
      const along = tf.sum(tf.mul(z, dy), -1, true);
      const long = tf.greater(length, epsilon);
      const slope = tf.div(tf.sub(dy, tf.mul(z, along)), select(long, length, tf.scalar(1)));
      return [select(long, slope, tf.scalar(0))];
    },
  );
}
