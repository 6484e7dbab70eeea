import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRng } from '../random/index.js';
import type { Draw } from './draw.js';
import { applyToImage, drawTransforms, type Transform } from './index.js';

const unit = fc.float({ min: 0, max: 1, noNaN: true });
const pixel = (rgb: readonly number[], draw: Draw) => [...applyToImage(Float32Array.from(rgb), [1, 1, 3], [draw])];
const many = (transform: Transform) =>
  Array.from({ length: 1000 }, (_, i) => drawTransforms([transform], [4, 4], createRng(i))[0]);

function expectNear(got: readonly number[], expected: readonly number[], tolerance = 1e-6): void {
  expect(got).toHaveLength(expected.length);
  got.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(tolerance);
  });
}

describe('saturation-hue', () => {
  // Python's colorsys: rgb_to_hsv, hue + angle, hsv_to_rgb.
  it.each([
    [[0.9, 0.2, 0.1], 90, [0.4, 0.9, 0.1]],
    [[0.25, 0.5, 0.75], -150, [0.75, 0.75, 0.25]],
    [[0.3, 0.8, 0.3], 30, [0.3, 0.8, 0.55]],
    [[0.1, 0.1, 0.6], 180, [0.6, 0.6, 0.1]],
  ])('%j turned by %d°', (rgb, hue, expected) => {
    expectNear(pixel(rgb, { kind: 'saturation-hue', saturation: 1, hue }), expected);
  });

  it('a turn and the turn back are the colour itself; value and chroma stay', () => {
    fc.assert(
      fc.property(fc.tuple(unit, unit, unit), fc.double({ min: -180, max: 180, noNaN: true }), (rgb, hue) => {
        const turned = pixel(rgb, { kind: 'saturation-hue', saturation: 1, hue });
        expectNear([Math.max(...turned), Math.min(...turned)], [Math.max(...rgb), Math.min(...rgb)]);
        expectNear(pixel(turned, { kind: 'saturation-hue', saturation: 1, hue: -hue }), rgb, 1e-5);
      }),
    );
  });

  it('saturation moves each channel from or towards the grey of the pixel', () => {
    fc.assert(
      fc.property(fc.tuple(unit, unit, unit), fc.double({ min: 0, max: 2, noNaN: true }), (rgb, saturation) => {
        const grey = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
        const expected = rgb.map((value) => Math.min(1, Math.max(0, saturation * (value - grey) + grey)));
        expectNear(pixel(rgb, { kind: 'saturation-hue', saturation, hue: 0 }), expected);
      }),
    );
  });

  it('grey pixels have neither', () => {
    expectNear(pixel([0.4, 0.4, 0.4], { kind: 'saturation-hue', saturation: 2, hue: 77 }), [0.4, 0.4, 0.4]);
    const grey = Float32Array.of(0.1, 0.7);
    expect(applyToImage(grey, [1, 2, 1], [{ kind: 'saturation-hue', saturation: 2, hue: 77 }])).toEqual(grey);
  });

  it('draws factor and angle within what was asked', () => {
    const draws = many({ kind: 'saturation-hue', saturation: 0.5, hue: 40 }) as Extract<
      Draw,
      { kind: 'saturation-hue' }
    >[];
    for (const [values, low, high] of [
      [draws.map(({ saturation }) => saturation), 0.5, 1.5],
      [draws.map(({ hue }) => hue), -40, 40],
    ] as const) {
      const margin = (high - low) / 50;
      expect(Math.min(...values)).toBeGreaterThanOrEqual(low);
      expect(Math.min(...values)).toBeLessThan(low + margin);
      expect(Math.max(...values)).toBeLessThanOrEqual(high);
      expect(Math.max(...values)).toBeGreaterThan(high - margin);
    }
  });
});

describe('grayscale', () => {
  it('makes the channels equal, as often as asked', () => {
    expectNear(pixel([1, 0, 0], { kind: 'grayscale' }), [0.299, 0.299, 0.299]);
    expectNear(pixel([0.2, 0.4, 0.6], { kind: 'grayscale' }), [0.363, 0.363, 0.363]);
    for (const [probability, low, high] of [
      [undefined, 70, 130],
      [0.5, 440, 560],
      [1, 1000, 1000],
    ] as const) {
      const transform = { kind: 'grayscale', ...(probability === undefined ? {} : { probability }) } as const;
      const count = many(transform).filter((draw) => draw !== undefined).length;
      expect(count >= low && count <= high).toBe(true);
    }
  });

  it('refuses images without colours that are no grey images', () => {
    for (const draw of [{ kind: 'grayscale' }, { kind: 'saturation-hue', saturation: 1, hue: 1 }] as const) {
      expect(() => applyToImage(new Float32Array(4), [1, 1, 4], [draw])).toThrow(
        `${draw.kind}: expected images of 3 channels (RGB) or 1, got 4`,
      );
    }
  });
});

describe('normalize', () => {
  it('subtracts the mean and divides by the deviation of each channel, or of all', () => {
    const pixels = Float32Array.of(0.5, 0.25, 1, 0);
    const normalize = (mean: number[], deviation: number[]) => [
      ...applyToImage(pixels, [1, 2, 2], [{ kind: 'normalize', mean, deviation }]),
    ];
    expectNear(normalize([0.5, 0.25], [0.5, 0.125]), [0, 0, 1, -2]);
    expectNear(normalize([0.5], [0.25]), [0, -1, 2, -2]);
    expect(() => normalize([0, 0, 0], [1])).toThrow('normalize: expected 1 or 2 values, got 3');
  });
});
