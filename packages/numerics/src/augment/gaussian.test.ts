import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRng } from '../random/index.js';
import { applyToImage, drawTransforms } from './index.js';

const side = fc.integer({ min: 1, max: 9 });

describe('gaussian-blur', () => {
  it('is the sum over the neighbourhood in two dimensions, edges repeated', () => {
    fc.assert(
      fc.property(side, side, fc.double({ min: 0.2, max: 3, noNaN: true }), fc.nat(), (height, width, sigma, seed) => {
        const rng = createRng(seed);
        const pixels = Float32Array.from({ length: height * width * 2 }, () => rng.uniform());
        const blurred = applyToImage(pixels, [height, width, 2], [{ kind: 'gaussian-blur', sigma }]);
        const radius = Math.ceil(3 * sigma);
        const hold = (at: number, length: number) => Math.min(length - 1, Math.max(0, at));
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            for (let c = 0; c < 2; c++) {
              let [sum, total] = [0, 0];
              for (let j = -radius; j <= radius; j++) {
                for (let i = -radius; i <= radius; i++) {
                  const weight = Math.exp(-(i * i + j * j) / (2 * sigma * sigma));
                  sum += weight * pixels[(hold(y + j, height) * width + hold(x + i, width)) * 2 + c]!;
                  total += weight;
                }
              }
              expect(Math.abs(blurred[(y * width + x) * 2 + c]! - sum / total)).toBeLessThan(1e-6);
            }
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('draws σ uniformly, as often as asked', () => {
    const sigmas = Array.from({ length: 1000 }, (_, i) => {
      const draws = drawTransforms(
        [{ kind: 'gaussian-blur', sigma: [0.5, 2], probability: 0.5 }],
        [4, 4],
        createRng(i),
      );
      return draws.map((draw) => (draw.kind === 'gaussian-blur' ? draw.sigma : Number.NaN));
    }).flat();
    expect(Math.abs(sigmas.length - 500)).toBeLessThan(65);
    expect(Math.min(...sigmas)).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...sigmas)).toBeLessThanOrEqual(2);
    const mean = sigmas.reduce((sum, sigma) => sum + sigma, 0) / sigmas.length;
    expect(Math.abs(mean - 1.25)).toBeLessThan(0.1);
  });
});

describe('gaussian-noise', () => {
  const grey = new Float32Array(30_001).fill(0.5);
  const shape = [1, 30_001, 1] as const;

  it('has mean 0, deviation σ and normal tails, and no correlation between neighbours', () => {
    const sigma = 0.05;
    const values = [...applyToImage(grey, shape, [{ kind: 'gaussian-noise', sigma, seed: 7 }])].map(
      (value) => (value - 0.5) / sigma,
    );
    const mean = (numbers: number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    expect(Math.abs(mean(values))).toBeLessThan(0.025);
    expect(Math.abs(mean(values.map((value) => value ** 2)) - 1)).toBeLessThan(0.035);
    expect(Math.abs(mean(values.map((value) => Number(Math.abs(value) < 1))) - 0.6827)).toBeLessThan(0.012);
    expect(Math.abs(mean(values.slice(1).map((value, i) => value * values[i]!)))).toBeLessThan(0.025);
  });

  it('follows from its seed and is cut to [0, 1]', () => {
    const noisy = (seed: number) => applyToImage(grey, shape, [{ kind: 'gaussian-noise', sigma: 1, seed }]);
    expect(noisy(1)).toEqual(noisy(1));
    expect(noisy(1)).not.toEqual(noisy(2));
    expect(Math.max(...noisy(1))).toBe(1);
    expect(Math.min(...noisy(1))).toBe(0);
    const [draw] = drawTransforms([{ kind: 'gaussian-noise', sigma: [0, 0.1] }], [4, 4], createRng(1));
    const [other] = drawTransforms([{ kind: 'gaussian-noise', sigma: [0, 0.1] }], [4, 4], createRng(2));
    expect(draw).not.toEqual(other);
    expect(JSON.parse(JSON.stringify(draw))).toEqual(draw);
  });
});
