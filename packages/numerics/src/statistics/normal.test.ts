import { describe, expect, it } from '@jest/globals';
import { normalCdf, normalQuantile } from './index.js';

describe('normalCdf', () => {
  it('undoes the quantile, far out as well, and adds up to 1', () => {
    for (const p of [1e-300, 1e-20, 0.01, 0.3, 0.5, 0.9, 0.999999]) {
      expect(Math.abs(normalCdf(normalQuantile(p)) / p - 1)).toBeLessThan(1e-10);
    }
    for (const x of [0, 0.7, 1.9999, 2, 5]) expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 14);
    expect([normalCdf(Number.NEGATIVE_INFINITY), normalCdf(Number.POSITIVE_INFINITY)]).toEqual([0, 1]);
  });
});

const nan = Number.NaN;
it.each<[string, string, () => unknown]>([['Φ(NaN)', 'statistics/bad-option', () => normalCdf(nan)]])(
  '%s: %s',
  (_, code, call) => {
    expect(call).toThrow(expect.objectContaining({ code }));
  },
);
