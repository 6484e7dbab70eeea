import * as tf from '@tensorflow/tfjs';
import { toPixels } from './normalised-coordinates.js';
import { requireDtype, requireOneOf, requireShape } from './require-argument.js';
import { SAMPLE_PADDINGS, type SamplePadding, samplePixels } from './sample-pixels.js';

/** Options of {@link bilinearSample}. */
export interface BilinearSampleOptions {
  /** −1 and 1 are the centres of the outermost pixels instead of the image's edges. Default false. Say the same where the grid is made. */
  readonly alignCorners?: boolean;
  /** Outside an image lies 0 (`'zeros'`, default) or its nearest pixel (`'border'`). */
  readonly padding?: SamplePadding;
}

/**
 * Reads images at the points of a sampling grid by bilinear interpolation: the sampler of spatial transformer networks.
 *
 * y[b, i, j] = Σ_{r,c} images[b, r, c] · max(0, 1 − |px − c|) · max(0, 1 − |py − r|), with px = ((x + 1)·w − 1)/2, or (x + 1)·(w − 1)/2 with
 * `alignCorners`, and py likewise. Same convention as PyTorch's `grid_sample`.
 *
 * Gradients reach images and grid. At a pixel's centre the slope towards the next pixel counts; where `'border'` clamps a coordinate, its
 * gradient is 0. A point of NaN gives NaN.
 *
 * @param images float32 `[B, h, w, C]`
 * @param grid float32 `[B, h', w', 2]`, (x, y) of each output pixel in −1…1, from {@link affineGrid} or {@link thinPlateSplineGrid}
 * @returns float32 `[B, h', w', C]`; the caller disposes it
 * @throws OpDtypeError, OpShapeError, OpOptionError
 */
export function bilinearSample(
  images: tf.Tensor4D,
  grid: tf.Tensor4D,
  { alignCorners = false, padding = 'zeros' }: BilinearSampleOptions = {},
): tf.Tensor4D {
  requireDtype('bilinearSample: images', images, 'float32');
  requireDtype('bilinearSample: grid', grid, 'float32');
  requireShape('bilinearSample: images', images.shape, ['B', 'h', 'w', 'C']);
  requireShape('bilinearSample: grid', grid.shape, [images.shape[0], "h'", "w'", 2]);
  requireOneOf('bilinearSample: padding', padding, SAMPLE_PADDINGS);
  const [batch, height, width, channels] = images.shape;
  const [, outHeight, outWidth] = grid.shape;
  return tf.tidy(() => {
    const points = tf.reshape(grid, [batch, outHeight * outWidth, 2]);
    const pixels = (axis: number, size: number) => {
      const { slope, offset } = toPixels(size, alignCorners);
      const coordinate = tf.reshape(tf.slice(points, [0, 0, axis], [-1, -1, 1]), [batch, outHeight * outWidth]);
      return tf.add(tf.mul(coordinate, slope), offset) as tf.Tensor2D;
    };
    const sampled = samplePixels(images, pixels(0, width), pixels(1, height), padding);
    return tf.reshape(sampled, [batch, outHeight, outWidth, channels]);
  });
}
