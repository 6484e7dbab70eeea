import type { Rng } from '../random/rng.js';
import { checkAugmentation } from './check-augmentation.js';
import type { Draw } from './draw.js';
import type { AffineTransform, Augmentation, Transform } from './transform.js';

function between(rng: Rng, low: number, high: number): number {
  return low + (high - low) * rng.uniform();
}

/**
 * The map from the result back to the image: the inverse of scale · rotation · shear about the centre, then the shift.
 * Every transform draws the same number of values whatever its parameters, so that changing one leaves the others' draws.
 */
function drawAffine(transform: AffineTransform, height: number, width: number, rng: Rng): Draw {
  const { degrees = 0, scale = [1, 1], shear = 0, translate = 0, fill = 0 } = transform;
  const angle = (between(rng, -degrees, degrees) * Math.PI) / 180;
  const factor = between(rng, scale[0], scale[1]);
  const slant = Math.tan((between(rng, -shear, shear) * Math.PI) / 180);
  const dx = between(rng, -translate, translate) * width;
  const dy = between(rng, -translate, translate) * height;
  const [cos, sin] = [Math.cos(angle) / factor, Math.sin(angle) / factor];
  const [a, b, d, e] = [cos + slant * sin, sin - slant * cos, -sin, cos];
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  return {
    kind: 'affine',
    matrix: [a, b, cx - a * (cx + dx) - b * (cy + dy), d, e, cy - d * (cx + dx) - e * (cy + dy)],
    fill,
  };
}

function drawTransform(transform: Transform, height: number, width: number, rng: Rng): Draw | undefined {
  switch (transform.kind) {
    case 'flip': {
      const { probability = 0.5, axis = 'horizontal' } = transform;
      return rng.uniform() < probability ? { kind: 'flip', axis } : undefined;
    }
    case 'shift':
    case 'crop': {
      const [reach, border] =
        transform.kind === 'shift'
          ? [transform.pixels, 'constant' as const]
          : [transform.padding, transform.border ?? ('constant' as const)];
      const dx = rng.integer(2 * reach + 1) - reach;
      const dy = rng.integer(2 * reach + 1) - reach;
      return { kind: 'shift', dx, dy, border, fill: transform.fill ?? 0 };
    }
    case 'cutout': {
      const left = rng.integer(width) - Math.floor(transform.size / 2);
      const top = rng.integer(height) - Math.floor(transform.size / 2);
      return {
        kind: 'cutout',
        top: Math.max(0, top),
        left: Math.max(0, left),
        bottom: Math.min(height, top + transform.size),
        right: Math.min(width, left + transform.size),
        fill: transform.fill ?? 0,
      };
    }
    case 'affine':
      return drawAffine(transform, height, width, rng);
    case 'brightness-contrast': {
      const { brightness = 0, contrast = 0 } = transform;
      return {
        kind: 'brightness-contrast',
        brightness: between(rng, -brightness, brightness),
        contrast: between(rng, 1 - contrast, 1 + contrast),
      };
    }
  }
}

/** `drawTransforms` for an augmentation that was checked already. */
export function drawUnchecked(augmentation: Augmentation, height: number, width: number, rng: Rng): Draw[] {
  return augmentation
    .map((transform, i) => drawTransform(transform, height, width, rng.stream(i)))
    .filter((draw) => draw !== undefined);
}

/**
 * Throws the dice for one image: what each transform will do to it, and to its mask and points.
 *
 * @param size `[height, width]` in pixels
 * @param rng only its named streams are used: the same `rng` gives the same draws again
 * @throws UnknownTransformError, TransformParameterError
 * @example
 * const draws = drawTransforms([{ kind: 'flip' }, { kind: 'shift', pixels: 2 }], [28, 28], rng.stream(epoch).stream(index));
 * applyToImage(image, [28, 28, 1], draws);
 * applyToMask(mask, [28, 28], draws, 0);
 */
export function drawTransforms(augmentation: Augmentation, size: readonly [number, number], rng: Rng): Draw[] {
  checkAugmentation(augmentation, size);
  return drawUnchecked(augmentation, size[0], size[1], rng);
}
