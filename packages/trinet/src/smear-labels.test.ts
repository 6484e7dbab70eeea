import { expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import fc from 'fast-check';
import { drawSmearingNoise, LabelsError, OptionError, ShapeError, smearLabels } from './index.js';

const cases = fc.record({
  seed: fc.nat(),
  classes: fc.integer({ min: 1, max: 6 }),
  std: fc.double({ min: 0, max: 3, noNaN: true }),
  length: fc.nat(5),
});

/** Row [v, l] of [3, L, C]. */
const row = (values: Float32Array, length: number, classes: number, v: number, l: number) =>
  Array.from(values.subarray((v * length + l) * classes, (v * length + l + 1) * classes));

it('is what plain loops give, sums to 1 and keeps at least 1/Σ for the true class', () => {
  fc.assert(
    fc.property(cases, ({ seed, classes, std, length }) => {
      const labels = Array.from({ length }, (_, l) => (l * 7 + seed) % classes);
      const noise = drawSmearingNoise(length, classes, createRng(seed));
      const targets = smearLabels(labels, { classes, std, noise });
      expect(targets).toHaveLength(3 * length * classes);
      for (let v = 0; v < 3; v++) {
        for (let l = 0; l < length; l++) {
          const z = row(noise, length, classes, v, l);
          const raw = z.map((value, c) => (c === labels[l] ? 1 : 0) + Math.max(value * std, 0));
          const sum = raw.reduce((a, b) => a + b, 0);
          const got = row(targets, length, classes, v, l);
          got.forEach((value, c) => {
            expect(value).toBeCloseTo(raw[c]! / sum, 6);
          });
          expect(Math.min(...got)).toBeGreaterThanOrEqual(0);
          expect(got.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
          expect(got[labels[l]!]).toBeGreaterThanOrEqual(Math.fround(1 / sum));
        }
      }
    }),
  );
});

it('std 0 gives one-hot targets exactly', () => {
  const noise = drawSmearingNoise(4, 3, createRng(1));
  const targets = smearLabels([0, 2, 1, 2], { classes: 3, std: 0, noise });
  const oneHot = [1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1];
  expect(Array.from(targets)).toEqual([...oneHot, ...oneHot, ...oneHot]);
});

it('gives each head noise of its own; the same seed the same', () => {
  const noise = drawSmearingNoise(4, 3, createRng(5));
  expect(drawSmearingNoise(4, 3, createRng(5))).toEqual(noise);
  expect(drawSmearingNoise(4, 3, createRng(6))).not.toEqual(noise);
  const heads = [0, 1, 2].map((v) => Array.from(noise.subarray(12 * v, 12 * (v + 1))).join());
  expect(new Set(heads).size).toBe(3);
});

it('refuses labels, noise and numbers that do not fit', () => {
  const noise = drawSmearingNoise(1, 3, createRng(1));
  expect(() => smearLabels([3], { classes: 3, std: 0.1, noise })).toThrow(LabelsError);
  expect(() => smearLabels([-1], { classes: 3, std: 0.1, noise })).toThrow(LabelsError);
  expect(() => smearLabels([0, 1], { classes: 3, std: 0.1, noise })).toThrow(ShapeError);
  for (const std of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => smearLabels([0], { classes: 3, std, noise })).toThrow(OptionError);
  }
  expect(() => drawSmearingNoise(-1, 3, createRng(1))).toThrow(OptionError);
  expect(() => drawSmearingNoise(1, 0, createRng(1))).toThrow(OptionError);
});
