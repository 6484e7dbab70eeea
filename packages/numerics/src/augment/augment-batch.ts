import type { Rng } from '../random/rng.js';
import { transformPixels } from './apply-to-image.js';
import { checkAugmentation } from './check-augmentation.js';
import { drawUnchecked } from './draw-transforms.js';
import { AugmentShapeError } from './errors.js';
import type { Augmentation } from './transform.js';

/**
 * A new batch of images, each after its own draws: image i gets those that `drawTransforms` makes with `rng.stream(i)`.
 *
 * @param images `[n × h × w × c]` in [0, 1]; not changed
 * @param shape `[n, height, width, channels]`
 * @param rng only its named streams are used: the same `rng` gives the same batch again
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
  checkAugmentation(augmentation, [height, width]);
  const batch = new Float32Array(images);
  const scratch = new Float32Array(size);
  for (let i = 0; i < count; i++) {
    const draws = drawUnchecked(augmentation, height, width, rng.stream(i));
    transformPixels(batch.subarray(i * size, (i + 1) * size), scratch, [height, width, channels], draws);
  }
  return batch;
}
