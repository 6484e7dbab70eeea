import * as tf from '@tensorflow/tfjs';
import { clamp } from './clamp.js';
import { gatherNd } from './gather-nd.js';
import { withoutGradient } from './without-gradient.js';

/** What a sampler reads outside an image. */
export type SamplePadding = 'zeros' | 'border';

/** The names of {@link SamplePadding}. */
export const SAMPLE_PADDINGS: readonly SamplePadding[] = ['zeros', 'border'];

interface Neighbours {
  readonly index: tf.Tensor;
  readonly weight: tf.Tensor;
}

/** The two pixels beside each coordinate along one axis: their indices, and how much each counts; both `[2, B, N]`. */
function neighbours(coordinate: tf.Tensor2D, size: number, padding: SamplePadding): Neighbours {
  // Nothing changes beyond one pixel outside the image; the gradient there is 0. Keeps infinity away, too.
  const inside = padding === 'border' ? clamp(coordinate, 0, size - 1) : clamp(coordinate, -1, size);
  const floor = withoutGradient(() => tf.floor(inside));
  const part = tf.sub(inside, floor);
  const pixels = withoutGradient(() => {
    const lower = tf.cast(floor, 'int32');
    return tf.stack([lower, tf.add(lower, tf.scalar(1, 'int32'))]);
  });
  // Clipped as integers: NaN would turn into an index far outside.
  const index = withoutGradient(() =>
    tf.maximum(tf.minimum(pixels, tf.scalar(size - 1, 'int32')), tf.scalar(0, 'int32')),
  );
  const weight = tf.stack([tf.sub(1, part), part]);
  if (padding === 'border') return { index, weight };
  const exists = withoutGradient(() => tf.cast(tf.equal(pixels, index), 'float32'));
  return { index, weight: tf.mul(weight, exists) };
}

/**
 * Bilinear interpolation at pixel coordinates, the centre of the first pixel being (0, 0).
 *
 * y[b, n] = Σ over the four pixels around (x, y) of (1 − |x − column|)·(1 − |y − row|)·images[b, row, column].
 *
 * @param images float32 `[B, h, w, C]`
 * @param x float32 `[B, N]`
 * @param y float32 `[B, N]`
 * @returns float32 `[B, N, C]`; the caller disposes it
 */
export function samplePixels(images: tf.Tensor4D, x: tf.Tensor2D, y: tf.Tensor2D, padding: SamplePadding): tf.Tensor3D {
  return tf.tidy(() => {
    const [batch, height, width, channels] = images.shape;
    const count = x.shape[1];
    const columns = neighbours(x, width, padding);
    const rows = neighbours(y, height, padding);
    const grid = (tensor: tf.Tensor, shape: number[]) => tf.reshape(tensor, [...shape, batch, count]);

    const weights = tf.mul(grid(rows.weight, [2, 1]), grid(columns.weight, [1, 2])); // [2, 2, B, N]
    const image = tf.reshape(tf.range(0, batch, 1, 'int32'), [batch, 1]);
    const line = tf.add(tf.mul(image, tf.scalar(height, 'int32')), rows.index); // [2, B, N]
    const place = tf.add(tf.mul(grid(line, [2, 1]), tf.scalar(width, 'int32')), grid(columns.index, [1, 2])); // [2, 2, B, N]

    const pixels = tf.reshape(images, [batch * height * width, channels]);
    const corners = gatherNd(pixels, tf.reshape(place, [4 * batch * count, 1]));
    const weighted = tf.mul(
      tf.reshape(corners, [4, batch * count, channels]),
      tf.reshape(weights, [4, batch * count, 1]),
    );
    return tf.reshape(tf.sum(weighted, 0), [batch, count, channels]);
  });
}
