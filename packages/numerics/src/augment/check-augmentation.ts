import { TransformParameterError, UnknownTransformError } from './errors.js';
import { type Size, sizeAfterTransform } from './geometry.js';
import { oneOf, orderedPair, sizeWithin, valuesPerChannel, wholeWithin, within } from './require-parameter.js';
import type { Augmentation, Transform } from './transform.js';

const parameters = {
  flip: ['probability', 'axis'],
  shift: ['pixels', 'fill'],
  crop: ['padding', 'size', 'border', 'fill'],
  'center-crop': ['size'],
  'resized-crop': ['scale', 'ratio', 'size'],
  cutout: ['size', 'fill'],
  affine: ['degrees', 'scale', 'shear', 'translate', 'fill'],
  'brightness-contrast': ['brightness', 'contrast'],
  'saturation-hue': ['saturation', 'hue'],
  grayscale: ['probability'],
  'gaussian-blur': ['sigma', 'probability'],
  'gaussian-noise': ['sigma', 'probability'],
  normalize: ['mean', 'deviation'],
} as const satisfies Record<Transform['kind'], readonly string[]>;

/** Larger results are a mistake. */
const LARGEST_SIDE = 16_384;

function checkKind(where: string, transform: Transform): void {
  const known: readonly string[] | undefined = Object.hasOwn(parameters, transform?.kind)
    ? parameters[transform.kind]
    : undefined;
  if (known === undefined) {
    throw new UnknownTransformError(
      `${where}: expected one of ${Object.keys(parameters).join(', ')}, got ${String(transform?.kind)}`,
    );
  }
  for (const name of Object.keys(transform)) {
    if (name !== 'kind' && !known.includes(name)) {
      throw new TransformParameterError(`${where}: ${transform.kind} has ${known.join(', ')}, got ${name}`);
    }
  }
}

function checkTransform(where: string, transform: Transform, [height, width]: Size, channels?: number): void {
  const at = (name: string) => `${where}: ${transform.kind}.${name}`;
  if ('fill' in transform) within(at('fill'), transform.fill, 0, 1);
  if ('probability' in transform) within(at('probability'), transform.probability, 0, 1);
  switch (transform.kind) {
    case 'flip':
      oneOf(at('axis'), transform.axis, ['horizontal', 'vertical']);
      break;
    case 'shift':
      wholeWithin(at('pixels'), transform.pixels, 0, Math.max(height, width));
      break;
    case 'crop': {
      const { padding, border, size } = transform;
      oneOf(at('border'), border, ['constant', 'reflect']);
      const reflected = border === 'reflect';
      wholeWithin(at('padding'), padding, 0, reflected ? Math.min(height, width) - 1 : Math.max(height, width));
      if (size !== undefined) sizeWithin(at('size'), size, [height + 2 * padding, width + 2 * padding]);
      break;
    }
    case 'center-crop':
      sizeWithin(at('size'), transform.size, [height, width]);
      break;
    case 'resized-crop':
      if (transform.scale !== undefined) orderedPair(at('scale'), transform.scale, 1e-6, 1);
      if (transform.ratio !== undefined) orderedPair(at('ratio'), transform.ratio, 0.01, 100);
      if (transform.size !== undefined) sizeWithin(at('size'), transform.size, [LARGEST_SIDE, LARGEST_SIDE]);
      break;
    case 'cutout':
      wholeWithin(at('size'), transform.size, 1, 2 * Math.max(height, width));
      break;
    case 'affine':
      within(at('degrees'), transform.degrees, 0, 180);
      within(at('shear'), transform.shear, 0, 89);
      within(at('translate'), transform.translate, 0, 1);
      if (transform.scale !== undefined) orderedPair(at('scale'), transform.scale, 0.01, 100);
      break;
    case 'brightness-contrast':
      within(at('brightness'), transform.brightness, 0, 1);
      within(at('contrast'), transform.contrast, 0, 1);
      break;
    case 'saturation-hue':
      within(at('saturation'), transform.saturation, 0, 1);
      within(at('hue'), transform.hue, 0, 180);
      break;
    case 'gaussian-blur':
      orderedPair(at('sigma'), transform.sigma, 0, 100);
      break;
    case 'gaussian-noise':
      orderedPair(at('sigma'), transform.sigma, 0, 1);
      break;
    case 'normalize':
      valuesPerChannel(at('mean'), transform.mean, -1e6, channels);
      valuesPerChannel(at('deviation'), transform.deviation, 1e-6, channels);
      break;
  }
  if (channels !== undefined && channels !== 1 && channels !== 3) {
    if (transform.kind === 'saturation-hue' || transform.kind === 'grayscale') {
      throw new TransformParameterError(`${where}: ${transform.kind} needs images of 3 channels or 1, got ${channels}`);
    }
  }
}

/**
 * Checks an augmentation against the images it is meant for.
 *
 * @param size `[height, width]` in pixels, and the number of channels where it is known
 * @throws UnknownTransformError, TransformParameterError
 */
export function checkAugmentation(
  augmentation: Augmentation,
  [height, width, channels]: readonly [height: number, width: number, channels?: number],
): void {
  let size: Size = [height, width];
  augmentation.forEach((transform, i) => {
    const where = `augmentation[${i}]`;
    checkKind(where, transform);
    checkTransform(where, transform, size, channels);
    if (transform.kind === 'normalize' && i < augmentation.length - 1) {
      throw new TransformParameterError(`${where}: normalize leaves [0, 1]: expected it to stand last`);
    }
    size = sizeAfterTransform(transform, size);
  });
}
