import * as tf from '@tensorflow/tfjs';
import { requireDtype, requireOneOf, requirePositiveInteger, requireShape } from './require-argument.js';
import { SAMPLE_PADDINGS, type SamplePadding, samplePixels } from './sample-pixels.js';
import { select } from './select.js';

/** Options of {@link imageTransform}. */
export interface ImageTransformOptions {
  /** Outside an image lies 0 (`'zeros'`, default) or its nearest pixel (`'border'`). */
  readonly padding?: SamplePadding;
  /** Height and width of the output. Default: those of the images. */
  readonly size?: readonly [height: number, width: number];
}

/** Outside any image. */
const FAR_AWAY = -1e9;

/**
 * Projective transform of images with bilinear interpolation, as `tf.image.transform(…, 'bilinear')`, with gradients to images and transforms.
 *
 * The output pixel (x, y) reads the images at ((a₀x + a₁y + a₂)/k, (b₀x + b₁y + b₂)/k), k = c₀x + c₁y + 1, in pixels from the centre of
 * the first one. Where k = 0 it reads far outside, with gradient 0.
 *
 * @param images float32 `[B, h, w, C]`
 * @param transforms float32 `[B, 8]`, or `[1, 8]` for all images: a₀, a₁, a₂, b₀, b₁, b₂, c₀, c₁
 * @returns float32 `[B, h', w', C]`; the caller disposes it
 * @throws OpDtypeError, OpShapeError, OpOptionError
 */
export function imageTransform(
  images: tf.Tensor4D,
  transforms: tf.Tensor2D,
  { padding = 'zeros', size }: ImageTransformOptions = {},
): tf.Tensor4D {
  requireDtype('imageTransform: images', images, 'float32');
  requireDtype('imageTransform: transforms', transforms, 'float32');
  requireShape('imageTransform: images', images.shape, ['B', 'h', 'w', 'C']);
  const [batch, , , channels] = images.shape;
  requireShape('imageTransform: transforms', transforms.shape, [transforms.shape[0] === 1 ? 1 : batch, 8]);
  requireOneOf('imageTransform: padding', padding, SAMPLE_PADDINGS);
  const [height, width] = size ?? [images.shape[1], images.shape[2]];
  requirePositiveInteger('imageTransform: height', height);
  requirePositiveInteger('imageTransform: width', width);
  return tf.tidy(() => {
    const pixels = height * width;
    const column = tf.tensor2d(
      Float32Array.from({ length: pixels }, (_, i) => i % width),
      [1, pixels],
    );
    const row = tf.tensor2d(
      Float32Array.from({ length: pixels }, (_, i) => Math.floor(i / width)),
      [1, pixels],
    );
    const [a0, a1, a2, b0, b1, b2, c0, c1] = tf.split(transforms, 8, 1); // [B or 1, 1] each
    const linear = (x: tf.Tensor, y: tf.Tensor, one: tf.Tensor | number) =>
      tf.add(tf.add(tf.mul(x, column), tf.mul(y, row)), one); // [B or 1, h'·w']
    const k = linear(c0!, c1!, 1);
    const finite = tf.notEqual(k, 0);
    const divisor = select(finite, k, tf.scalar(1));
    const source = (numerator: tf.Tensor) => {
      const coordinate = select(finite, tf.div(numerator, divisor), tf.scalar(FAR_AWAY));
      return tf.add(coordinate, tf.zeros([batch, 1])) as tf.Tensor2D; // [B, h'·w']
    };
    const sampled = samplePixels(images, source(linear(a0!, a1!, a2!)), source(linear(b0!, b1!, b2!)), padding);
    return tf.reshape(sampled, [batch, height, width, channels]);
  });
}
