import type { Rng } from '../random/rng.js';
import { augmentedShape } from './augmented-shape.js';
import { drawUnchecked } from './draw-transforms.js';
import { AugmentShapeError } from './errors.js';
import { PixelBuffers } from './pixel-buffers.js';
import type { Augmentation } from './transform.js';
import { transformPixels } from './transform-pixels.js';

/**
 * A new batch of images, each after its own draws: image i gets those that `drawTransforms` makes with `rng.stream(i)`.
 *
 * @param images `[n × h × w × c]` in [0, 1]; not changed
 * @param shape `[n, height, width, channels]`
 * @param rng only its named streams are used: the same `rng` gives the same batch again
 * @returns `[n × h′ × w′ × c]`, h′ and w′ as `augmentedShape` says
 * @throws AugmentShapeError, UnknownTransformError, TransformParameterError
 */
export function augmentBatch(
  images: Float32Array,
  shape: readonly [number, number, number, number],
  augmentation: Augmentation,
  rng: Rng,
): Float32Array<ArrayBuffer> {
  const [count, height, width, channels] = shape;
  const size = height * width * channels;
  if (!shape.every((side) => Number.isSafeInteger(side) && side >= 0) || images.length !== count * size) {
    throw new AugmentShapeError(`expected the values of ${shape.join('×')}, got ${images.length} values`);
  }
  const [rows, columns] = augmentedShape(augmentation, [height, width, channels]);
  const batch = new Float32Array(count * rows * columns * channels);
  const buffers = new PixelBuffers();
  for (let i = 0; i < count; i++) {
    const draws = drawUnchecked(augmentation, height, width, rng.stream(i));
    const image = images.subarray(i * size, (i + 1) * size);
    batch.set(transformPixels(image, [height, width, channels], draws, buffers), i * rows * columns * channels);
  }
  return batch;
}
