import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pearsonCorrelation, spearmanCorrelation } from './index.js';

const pairs = (minLength: number, maxLength = 30) =>
  fc
    .array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), { minLength, maxLength })
    .map((both) => ({ a: both.map(([a]) => a), b: both.map(([, b]) => b) }));

describe('correlation', () => {
  const varied = ({ a, b }: { a: number[]; b: number[] }) => new Set(a).size > 1 && new Set(b).size > 1;

  it('is symmetric, bounded, and blind to scale, shift and order of pairs', () => {
    fc.assert(
      fc.property(pairs(2).filter(varied), ({ a, b }) => {
        for (const correlation of [pearsonCorrelation, spearmanCorrelation]) {
          const r = correlation(a, b);
          expect(Math.abs(r)).toBeLessThanOrEqual(1);
          expect(correlation(b, a)).toBeCloseTo(r, 12);
          const scaled = Float64Array.from(a, (x) => 1e155 * (3 * x - 7));
          expect(correlation(scaled, b)).toBeCloseTo(r, 10);
          expect(correlation([...a].reverse(), [...b].reverse())).toBeCloseTo(r, 12);
          expect(
            correlation(
              a.map((x) => -x),
              b,
            ),
          ).toBeCloseTo(-r, 12);
        }
      }),
    );
  });

  it('by ranks sees any rising map as 1', () => {
    const x = [-2, -1, 0, 1, 2, 3];
    expect(spearmanCorrelation(x, x.map(Math.exp))).toBe(1);
    expect(pearsonCorrelation(x, x.map(Math.exp))).toBeLessThan(0.95);
  });
});

it.each<[string, string, () => unknown]>([
  ['correlation of one', 'statistics/too-few-samples', () => pearsonCorrelation([1], [1])],
  ['correlation of two lengths', 'statistics/length-mismatch', () => spearmanCorrelation([1, 2], [1])],
  ['correlation with a constant', 'statistics/bad-option', () => pearsonCorrelation([1, 2], [3, 3])],
  ['rank correlation of a constant', 'statistics/bad-option', () => spearmanCorrelation([3, 3], [1, 2])],
  ['correlation of ∞', 'statistics/not-finite', () => spearmanCorrelation([1, Number.POSITIVE_INFINITY], [1, 2])],
])('%s: %s', (_, code, call) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
