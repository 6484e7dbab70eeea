import type { Rng } from '../random/rng.js';
import { checkAugmentation } from './check-augmentation.js';
import type { Draw } from './draw.js';
import { drawAffine, drawWithin } from './draw-affine.js';
import { drawResizedCrop } from './draw-resized-crop.js';
import { sizeAfterTransform } from './geometry.js';
import type { Augmentation, Transform } from './transform.js';

function drawTransform(transform: Transform, height: number, width: number, rng: Rng): Draw | undefined {
  switch (transform.kind) {
    case 'flip': {
      const { probability = 0.5, axis = 'horizontal' } = transform;
      return rng.uniform() < probability ? { kind: 'flip', axis } : undefined;
    }
    case 'shift': {
      const { pixels, fill = 0 } = transform;
      const dx = rng.integer(2 * pixels + 1) - pixels;
      const dy = rng.integer(2 * pixels + 1) - pixels;
      return { kind: 'shift', dx, dy, border: 'constant', fill };
    }
    case 'crop': {
      const { padding, size, border = 'constant', fill = 0 } = transform;
      const [rows, columns] = size ?? [height, width];
      const x = rng.integer(width + 2 * padding - columns + 1) - padding;
      const y = rng.integer(height + 2 * padding - rows + 1) - padding;
      if (size === undefined) return { kind: 'shift', dx: x, dy: y, border, fill };
      return { kind: 'crop', top: y, left: x, height: rows, width: columns, border, fill };
    }
    case 'center-crop': {
      const [rows, columns] = transform.size;
      const [top, left] = [Math.floor((height - rows) / 2), Math.floor((width - columns) / 2)];
      return { kind: 'crop', top, left, height: rows, width: columns, border: 'constant', fill: 0 };
    }
    case 'resized-crop':
      return drawResizedCrop(transform, height, width, rng);
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
        brightness: drawWithin(rng, -brightness, brightness),
        contrast: drawWithin(rng, 1 - contrast, 1 + contrast),
      };
    }
    case 'saturation-hue': {
      const { saturation = 0, hue = 0 } = transform;
      return {
        kind: 'saturation-hue',
        saturation: drawWithin(rng, 1 - saturation, 1 + saturation),
        hue: drawWithin(rng, -hue, hue),
      };
    }
    case 'grayscale':
      return rng.uniform() < (transform.probability ?? 0.1) ? { kind: 'grayscale' } : undefined;
    case 'gaussian-blur': {
      const happens = rng.uniform() < (transform.probability ?? 1);
      const sigma = drawWithin(rng, ...transform.sigma);
      return happens ? { kind: 'gaussian-blur', sigma } : undefined;
    }
    case 'gaussian-noise': {
      const happens = rng.uniform() < (transform.probability ?? 1);
      const sigma = drawWithin(rng, ...transform.sigma);
      return happens ? { kind: 'gaussian-noise', sigma, seed: rng.seed() } : undefined;
    }
    case 'normalize':
      return transform;
  }
}

/** `drawTransforms` for an augmentation that was checked already. */
export function drawUnchecked(augmentation: Augmentation, height: number, width: number, rng: Rng): Draw[] {
  const draws: Draw[] = [];
  let size: readonly [number, number] = [height, width];
  for (let i = 0; i < augmentation.length; i++) {
    const transform = augmentation[i]!;
    const draw = drawTransform(transform, size[0], size[1], rng.stream(i));
    if (draw !== undefined) draws.push(draw);
    size = sizeAfterTransform(transform, size);
  }
  return draws;
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
