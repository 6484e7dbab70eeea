import type { Draw } from './draw.js';
import { AugmentShapeError } from './errors.js';
import { PixelBuffers } from './pixel-buffers.js';
import { transformPixels } from './transform-pixels.js';

/**
 * The image after the draws, of the size that a crop among them gives it. Geometric draws keep NaN pixels where they fall;
 * brightness-contrast spreads them over the image, blur over the neighbours.
 *
 * @param image `[h × w × c]` in [0, 1]; not changed
 * @param shape `[height, width, channels]`
 * @throws AugmentShapeError
 */
export function applyToImage(
  image: Float32Array,
  shape: readonly [height: number, width: number, channels: number],
  draws: readonly Draw[],
): Float32Array {
  const [height, width, channels] = shape;
  if (image.length !== height * width * channels) {
    throw new AugmentShapeError(
      `expected ${height}×${width}×${channels} = ${height * width * channels} values, got ${image.length}`,
    );
  }
  return transformPixels(image, shape, draws, new PixelBuffers()).slice();
}
