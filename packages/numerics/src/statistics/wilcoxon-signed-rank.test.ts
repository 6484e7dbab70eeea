import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { midRanks, normalCdf, wilcoxonSignedRank } from './index.js';

const pairs = (minLength: number, maxLength = 30) =>
  fc
    .array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), { minLength, maxLength })
    .map((both) => ({ a: both.map(([a]) => a), b: both.map(([, b]) => b) }));

describe('wilcoxonSignedRank', () => {
  it('is exact for few pairs: the share of all signs that are as extreme, ties included', () => {
    fc.assert(
      fc.property(pairs(1, 9), ({ a, b }) => {
        const differences = a.map((x, i) => x - b[i]!).filter((d) => d !== 0);
        const { statistic, pValue, n, method } = wilcoxonSignedRank(a, b);
        expect([n, method]).toEqual([differences.length, 'exact']);
        if (n === 0) {
          expect([statistic, pValue]).toEqual([0, 1]);
          return;
        }
        const ranks = midRanks(differences.map(Math.abs));
        let [below, above] = [0, 0];
        for (let signs = 0; signs < 2 ** n; signs++) {
          const sum = ranks.reduce((total, rank, i) => ((signs >> i) & 1 ? total + rank : total), 0);
          if (sum <= statistic) below++;
          if (sum >= statistic) above++;
        }
        expect(pValue).toBeCloseTo(Math.min(1, (2 * Math.min(below, above)) / 2 ** n), 12);
        expect(wilcoxonSignedRank(a, b, { alternative: 'less' }).pValue).toBeCloseTo(below / 2 ** n, 12);
        expect(wilcoxonSignedRank(a, b, { alternative: 'greater' }).pValue).toBeCloseTo(above / 2 ** n, 12);
      }),
      { numRuns: 40 },
    );
  });

  it('joins the normal approximation where the exact distribution ends', () => {
    const a = Array.from({ length: 26 }, (_, i) => (i % 3 === 0 ? -1 : 1) * (i + 1));
    const zeros = a.map(() => 0);
    for (const n of [25, 26]) {
      const { pValue, statistic, method } = wilcoxonSignedRank(a.slice(0, n), zeros.slice(0, n));
      const z = (statistic - (n * (n + 1)) / 4) / Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
      expect(method).toBe(n === 25 ? 'exact' : 'normal');
      expect(Math.abs(pValue - 2 * normalCdf(-Math.abs(z)))).toBeLessThan(n === 25 ? 0.01 : 1e-12);
    }
  });

  it('does not see which of the two comes first', () => {
    fc.assert(
      fc.property(pairs(1, 40), ({ a, b }) => {
        expect(wilcoxonSignedRank(b, a).pValue).toBeCloseTo(wilcoxonSignedRank(a, b).pValue, 12);
        const [less, greater] = [
          wilcoxonSignedRank(a, b, { alternative: 'less' }),
          wilcoxonSignedRank(b, a, { alternative: 'greater' }),
        ];
        expect(less.pValue).toBeCloseTo(greater.pValue, 12);
      }),
    );
  });
});

const nan = Number.NaN;
it.each<[string, string, () => unknown]>([
  ['Wilcoxon of none', 'statistics/too-few-samples', () => wilcoxonSignedRank([], [])],
  ['Wilcoxon of two lengths', 'statistics/length-mismatch', () => wilcoxonSignedRank([1], [1, 2])],
  ['Wilcoxon of NaN', 'statistics/not-finite', () => wilcoxonSignedRank([nan], [1])],
  ['no such alternative', 'statistics/bad-option', () => wilcoxonSignedRank([1], [2], { alternative: 'x' as 'less' })],
])('%s: %s', (_, code, call) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
