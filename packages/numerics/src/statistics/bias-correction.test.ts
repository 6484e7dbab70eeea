import { expect, it } from '@jest/globals';
import { biasCorrectedLevels } from './bias-correction.js';
import { normalCdf, normalQuantile } from './normal.js';

const symmetric = Float64Array.of(-2, -1, 0, 1, 2);
const sum = (samples: Float64Array) => samples.reduce((a, b) => a + b, 0);
const rising = (...values: number[]) => Float64Array.from(values);

it('without bias or skewness leaves the quantiles alone, resamples equal to the estimate counting half', () => {
  const [low, high] = biasCorrectedLevels(symmetric, rising(-1, 0, 0, 0, 1), 0, sum, 0.9);
  expect(low).toBeCloseTo(0.05, 12);
  expect(high).toBeCloseTo(0.95, 12);
});

it('moves both by twice the bias', () => {
  const [low, high] = biasCorrectedLevels(symmetric, rising(-3, -2, -1, 1), 0, sum, 0.9);
  const [bias, z] = [normalQuantile(0.75), normalQuantile(0.95)];
  expect(low).toBeCloseTo(normalCdf(2 * bias - z), 12);
  expect(high).toBeCloseTo(normalCdf(2 * bias + z), 12);
});

it('moves both by skewness: a = Σ d³ / (6 (Σ d²)^1.5)', () => {
  // Leave-one-out sums of 0, 0, 3 are 3, 3, 0: d = −1, −1, 2, a = 6 / (6 · 6^1.5).
  const [low, high] = biasCorrectedLevels(rising(0, 0, 3), rising(-1, 1), 0, sum, 0.9);
  const [a, z] = [6 ** -1.5, normalQuantile(0.95)];
  expect(low).toBeCloseTo(normalCdf(-z / (1 + a * z)), 12);
  expect(high).toBeCloseTo(normalCdf(z / (1 - a * z)), 12);
});

it('stays finite where all resamples lie on one side', () => {
  const above = biasCorrectedLevels(symmetric, rising(1, 2, 3), 0, sum, 0.95);
  const below = biasCorrectedLevels(symmetric, rising(-3, -2, -1), 0, sum, 0.95);
  expect(above[1]).toBeLessThan(0.6);
  expect(below[0]).toBeCloseTo(1 - above[1], 12);
  expect(below[1]).toBeCloseTo(1 - above[0], 12);
});
