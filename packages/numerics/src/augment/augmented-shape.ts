import { checkAugmentation } from './check-augmentation.js';
import { sizeAfterTransform } from './geometry.js';
import type { Augmentation } from './transform.js';

/**
 * The shape of every image after the augmentation: crops change it, whatever they draw.
 *
 * @param shape `[height, width, channels]` of the images before
 * @returns `[height, width, channels]` after
 * @throws UnknownTransformError, TransformParameterError
 * @example
 * augmentedShape([{ kind: 'resized-crop', size: [24, 24] }], [28, 28, 1]); // [24, 24, 1]
 */
export function augmentedShape(
  augmentation: Augmentation,
  shape: readonly [height: number, width: number, channels: number],
): [height: number, width: number, channels: number] {
  checkAugmentation(augmentation, shape);
  let size: readonly [number, number] = [shape[0], shape[1]];
  for (const transform of augmentation) size = sizeAfterTransform(transform, size);
  return [size[0], size[1], shape[2]];
}
