import { TransformParameterError, UnknownTransformError } from './errors.js';
import type { Augmentation, Transform } from './transform.js';

const parameters = {
  flip: ['probability', 'axis'],
  shift: ['pixels', 'fill'],
  crop: ['padding', 'border', 'fill'],
  cutout: ['size', 'fill'],
  affine: ['degrees', 'scale', 'shear', 'translate', 'fill'],
  'brightness-contrast': ['brightness', 'contrast'],
} as const satisfies Record<Transform['kind'], readonly string[]>;

function within(where: string, value: number | undefined, low: number, high: number): void {
  if (value !== undefined && !(typeof value === 'number' && value >= low && value <= high)) {
    throw new TransformParameterError(`${where}: expected a number in ${low} … ${high}, got ${value}`);
  }
}

function wholeWithin(where: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new TransformParameterError(`${where}: expected an integer in ${low} … ${high}, got ${value}`);
  }
}

function oneOf(where: string, value: string | undefined, allowed: readonly string[]): void {
  if (value !== undefined && !allowed.includes(value)) {
    throw new TransformParameterError(`${where}: expected ${allowed.join(' or ')}, got ${value}`);
  }
}

function checkTransform(where: string, transform: Transform, height: number, width: number): void {
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
  const at = (name: string) => `${where}: ${transform.kind}.${name}`;
  if ('fill' in transform) within(at('fill'), transform.fill, 0, 1);
  switch (transform.kind) {
    case 'flip':
      within(at('probability'), transform.probability, 0, 1);
      oneOf(at('axis'), transform.axis, ['horizontal', 'vertical']);
      break;
    case 'shift':
      wholeWithin(at('pixels'), transform.pixels, 0, Math.max(height, width));
      break;
    case 'crop': {
      oneOf(at('border'), transform.border, ['constant', 'reflect']);
      const reflected = transform.border === 'reflect';
      wholeWithin(
        at('padding'),
        transform.padding,
        0,
        reflected ? Math.min(height, width) - 1 : Math.max(height, width),
      );
      break;
    }
    case 'cutout':
      wholeWithin(at('size'), transform.size, 1, 2 * Math.max(height, width));
      break;
    case 'affine': {
      within(at('degrees'), transform.degrees, 0, 180);
      within(at('shear'), transform.shear, 0, 89);
      within(at('translate'), transform.translate, 0, 1);
      const [smallest, largest] = transform.scale ?? [1, 1];
      within(at('scale[0]'), smallest, 0.01, 100);
      within(at('scale[1]'), largest, smallest, 100);
      break;
    }
    case 'brightness-contrast':
      within(at('brightness'), transform.brightness, 0, 1);
      within(at('contrast'), transform.contrast, 0, 1);
      break;
  }
}

/**
 * Checks an augmentation against the size of the images it is meant for.
 *
 * @param size `[height, width]` in pixels
 * @throws UnknownTransformError, TransformParameterError
 */
export function checkAugmentation(augmentation: Augmentation, [height, width]: readonly [number, number]): void {
  augmentation.forEach((transform, i) => {
    checkTransform(`augmentation[${i}]`, transform, height, width);
  });
}
