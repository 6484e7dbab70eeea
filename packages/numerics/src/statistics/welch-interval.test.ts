import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mean, pairedTInterval, welchInterval } from './index.js';

const samples = (minLength: number, maxLength = 30) =>
  fc.array(fc.integer({ min: -50, max: 50 }), { minLength, maxLength });
describe('welchInterval', () => {
  it('turns around with its samples, and shifts with them', () => {
    fc.assert(
      fc.property(samples(2), samples(2), fc.integer({ min: -20, max: 20 }), (a, b, shift) => {
        const { mean: centre, low, high, n } = welchInterval(a, b);
        const turned = welchInterval(b, a);
        expect(turned.low).toBeCloseTo(-high, 9);
        expect(turned.high).toBeCloseTo(-low, 9);
        const shifted = welchInterval(
          a.map((x) => x + shift),
          b,
        );
        expect(shifted.low).toBeCloseTo(low + shift, 9);
        expect(centre).toBeCloseTo(mean(a) - mean(b), 12);
        expect(n).toBe(a.length + b.length);
      }),
    );
  });

  it('has no width for constants, and is not that of pairs', () => {
    expect(welchInterval([3, 3], [1, 1])).toEqual({ mean: 2, low: 2, high: 2, n: 4, method: 'welch' });
    expect(welchInterval([1, 2, 9], [0, 1, 8]).high).toBeGreaterThan(pairedTInterval([1, 2, 9], [0, 1, 8]).high);
    expect(welchInterval([1e-100, 2e-100], [0, 1e-100]).low).toBeLessThan(0);
  });
});

it.each<[string, string, () => unknown]>([
  ['Welch of one', 'statistics/too-few-samples', () => welchInterval([1], [1, 2])],
  ['Welch against one', 'statistics/too-few-samples', () => welchInterval([1, 2], [1])],
  ['Welch at level 1', 'statistics/bad-option', () => welchInterval([1, 2], [1, 2], { level: 1 })],
])('%s: %s', (_, code, call) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
