import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { holmCorrection } from './index.js';

describe('holmCorrection', () => {
  it('equals the procedure: reject in rising order until p exceeds α/(m − i)', () => {
    const ps = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(ps, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (hundredths, level) => {
        const p = hundredths.map((value) => value / 1000);
        const adjusted = holmCorrection(p);
        const rising = [...p.keys()].sort((i, j) => p[i]! - p[j]!);
        const stop = rising.findIndex((position, i) => p[position]! * (p.length - i) > level);
        const rejected = new Set(rising.slice(0, stop < 0 ? p.length : stop));
        p.forEach((value, i) => {
          expect(adjusted[i]! <= level).toBe(rejected.has(i));
          expect(adjusted[i]).toBeGreaterThanOrEqual(value);
          expect(adjusted[i]).toBeLessThanOrEqual(1);
        });
      }),
    );
    // 4 · 0.01, 3 · 0.02 and 2 · 0.03, but not below the one before; then 0.2.
    const worked = [0.04, 0.06, 0.06, 0.2];
    [...holmCorrection([0.01, 0.02, 0.03, 0.2])].forEach((value, i) => {
      expect(value).toBeCloseTo(worked[i]!, 12);
    });
  });
});

const nan = Number.NaN;
it.each<[string, string, () => unknown]>([
  ['no p-values', 'statistics/too-few-samples', () => holmCorrection([])],
  ['p of 2', 'statistics/bad-option', () => holmCorrection([0.1, 2])],
  ['p of −1', 'statistics/bad-option', () => holmCorrection([-1])],
  ['p of NaN', 'statistics/not-finite', () => holmCorrection([nan])],
])('%s: %s', (_, code, call) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
