import * as tf from '@tensorflow/tfjs';
import { OpOptionError } from './errors.js';
import { imageTransform } from './image-transform.js';
import { requireDtype, requireShape } from './require-argument.js';
import type { SamplePadding } from './sample-pixels.js';

/** Options of {@link rotate}. */
export interface RotateOptions {
  /** Outside an image lies 0 (`'zeros'`, default) or its nearest pixel (`'border'`). */
  readonly padding?: SamplePadding;
}

/**
 * Rotates images about their centre, counterclockwise as one sees them, with bilinear interpolation and gradients to images and angles.
 *
 * @param images float32 `[B, h, w, C]`
 * @param angles in radians: float32 `[B]`, or a number for all images
 * @returns float32 `[B, h, w, C]`; the caller disposes it
 * @throws OpDtypeError, OpShapeError, OpOptionError
 */
export function rotate(images: tf.Tensor4D, angles: tf.Tensor1D | number, options: RotateOptions = {}): tf.Tensor4D {
  requireDtype('rotate: images', images, 'float32');
  requireShape('rotate: images', images.shape, ['B', 'h', 'w', 'C']);
  const [batch, height, width] = images.shape;
  if (typeof angles === 'number') {
    if (!Number.isFinite(angles)) throw new OpOptionError(`rotate: angles: expected a finite number, got ${angles}`);
  } else {
    requireDtype('rotate: angles', angles, 'float32');
    requireShape('rotate: angles', angles.shape, [batch]);
  }
  return tf.tidy(() => {
    const angle = typeof angles === 'number' ? tf.tensor2d([[angles]]) : tf.reshape(angles, [batch, 1]);
    const cos = tf.cos(angle);
    const sin = tf.sin(angle);
    // The centre (x, y) is its own source.
    const [x, y] = [(width - 1) / 2, (height - 1) / 2];
    const shiftX = tf.sub(x, tf.sub(tf.mul(cos, x), tf.mul(sin, y)));
    const shiftY = tf.sub(y, tf.add(tf.mul(sin, x), tf.mul(cos, y)));
    const zero = tf.zerosLike(angle);
    const transforms = tf.concat([cos, tf.neg(sin), shiftX, sin, cos, shiftY, zero, zero], 1);
    return imageTransform(images, transforms as tf.Tensor2D, options);
  });
}
