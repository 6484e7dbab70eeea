import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRng } from '../random/index.js';
import { type Augmentation, applyToImage, augmentBatch, drawTransforms, type Transform } from './index.js';

const identities: Transform[] = [
  { kind: 'flip', probability: 0 },
  { kind: 'shift', pixels: 0 },
  { kind: 'crop', padding: 0 },
  { kind: 'crop', padding: 0, size: [7, 6] },
  { kind: 'crop', padding: 0, border: 'reflect' },
  { kind: 'center-crop', size: [7, 6] },
  { kind: 'resized-crop', scale: [1, 1], ratio: [6 / 7, 6 / 7] },
  { kind: 'affine' },
  { kind: 'affine', degrees: 0, scale: [1, 1], shear: 0, translate: 0, fill: 0.5 },
  { kind: 'brightness-contrast' },
  { kind: 'saturation-hue' },
  { kind: 'grayscale', probability: 0 },
  { kind: 'gaussian-blur', sigma: [0, 0] },
  { kind: 'gaussian-blur', sigma: [1, 2], probability: 0 },
  { kind: 'gaussian-noise', sigma: [0, 0] },
  { kind: 'gaussian-noise', sigma: [1, 1], probability: 0 },
  { kind: 'normalize', mean: [0], deviation: [1] },
];

const everything: Augmentation = [
  { kind: 'flip' },
  { kind: 'crop', padding: 2, size: [8, 8], border: 'reflect' },
  { kind: 'shift', pixels: 2, fill: 0.25 },
  { kind: 'resized-crop', scale: [0.3, 1], size: [9, 8] },
  { kind: 'center-crop', size: [8, 7] },
  { kind: 'affine', degrees: 20, scale: [0.8, 1.25], shear: 10, translate: 0.1, fill: 0.5 },
  { kind: 'brightness-contrast', brightness: 0.2, contrast: 0.4 },
  { kind: 'saturation-hue', saturation: 0.4, hue: 90 },
  { kind: 'grayscale', probability: 0.3 },
  { kind: 'gaussian-blur', sigma: [0.1, 1.5], probability: 0.5 },
  { kind: 'gaussian-noise', sigma: [0, 0.1], probability: 0.8 },
  { kind: 'cutout', size: 3 },
];

const images = (count: number, seed: number) => {
  const rng = createRng(seed);
  return Float32Array.from({ length: count * 7 * 6 * 3 }, () => rng.uniform());
};

describe('every transform', () => {
  it.each(identities.map((transform) => [JSON.stringify(transform), transform] as const))(
    '%s changes no bit',
    (_, transform) => {
      for (let seed = 0; seed < 5; seed++) {
        const pixels = images(2, seed);
        expect(augmentBatch(pixels, [2, 7, 6, 3], [transform], createRng(seed))).toEqual(pixels);
        const draws = drawTransforms([transform], [7, 6], createRng(seed));
        expect(JSON.parse(JSON.stringify(draws))).toEqual(draws);
      }
    },
  );

  it('repeats with its seed, leaves its input alone, stays in [0, 1], and is JSON', () => {
    fc.assert(
      fc.property(fc.subarray([...everything], { minLength: 1 }), fc.nat(), (chosen, seed) => {
        const usable = chosen.filter((transform) => transform.kind !== 'center-crop' || chosen.length === 12);
        const pixels = images(3, seed);
        const before = pixels.slice();
        const batch = augmentBatch(pixels, [3, 7, 6, 3], usable, createRng(seed));
        expect(pixels).toEqual(before);
        const sent = JSON.parse(JSON.stringify(usable)) as Augmentation;
        expect(augmentBatch(pixels, [3, 7, 6, 3], sent, createRng(seed))).toEqual(batch);
        expect(batch.every((value) => value >= 0 && value <= 1)).toBe(true);
        const draws = drawTransforms(usable, [7, 6], createRng(seed).stream(1));
        expect(JSON.parse(JSON.stringify(draws))).toEqual(draws);
        const size = batch.length / 3;
        const one = applyToImage(pixels.subarray(126, 252), [7, 6, 3], draws);
        expect(batch.subarray(size, 2 * size)).toEqual(one);
      }),
      { numRuns: 60 },
    );
  });

  it('does the same after others as on an image of its own', () => {
    // Each keeps the size, so that any may follow any.
    const order: Augmentation = everything.map((transform) =>
      'size' in transform && typeof transform.size !== 'number' ? { kind: 'flip', probability: 1 } : transform,
    );
    fc.assert(
      fc.property(fc.shuffledSubarray([...order]), fc.nat(), (chosen, seed) => {
        const pixels = images(1, seed);
        const draws = drawTransforms(chosen, [7, 6], createRng(seed));
        const alone = draws.reduce<Float32Array>((image, draw) => applyToImage(image, [7, 6, 3], [draw]), pixels);
        expect(applyToImage(pixels, [7, 6, 3], draws)).toEqual(alone);
      }),
    );
  });

  it.each(everything.map((transform) => [transform.kind, transform] as const))('%s does something', (_, transform) => {
    const size = transform.kind === 'center-crop' ? ([9, 9] as const) : ([7, 6] as const);
    const rng = createRng(3);
    const pixels = Float32Array.from({ length: 20 * size[0] * size[1] * 3 }, () => rng.uniform());
    const batch = augmentBatch(pixels, [20, ...size, 3], [transform], createRng(1));
    expect(batch).not.toEqual(pixels);
    expect(augmentBatch(pixels, [20, ...size, 3], [transform], createRng(2)).length).toBe(batch.length);
  });
});
