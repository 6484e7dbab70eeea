import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRng } from '../random/index.js';
import { bootstrapInterval, mean, pairedBootstrapInterval } from './index.js';

const samples = (minLength: number, maxLength = 30) =>
  fc.array(fc.integer({ min: -50, max: 50 }), { minLength, maxLength });
describe('pairedBootstrapInterval and BCa', () => {
  it('of pairs is that of the differences', () => {
    const [a, b] = [
      [5, 7, 9, 4, 6, 8],
      [4, 7, 7, 5, 3, 6],
    ] as const;
    for (const correction of ['percentile', 'bca'] as const) {
      const options = { rng: createRng(1), resamples: 500, correction };
      const paired = pairedBootstrapInterval(a, b, options);
      const differences = [1, 0, 2, -1, 3, 2];
      expect(paired).toEqual(bootstrapInterval(differences, { ...options, rng: createRng(1) }));
      expect(paired).toMatchObject({ n: 6, method: correction === 'bca' ? 'bca' : 'bootstrap' });
      expect(paired.mean).toBe(mean(differences));
    }
  });

  it('has no width where all samples are equal, and stays within the resamples elsewhere', () => {
    const options = { resamples: 200, correction: 'bca' } as const;
    expect(bootstrapInterval([2, 2, 2], { ...options, rng: createRng(1) })).toMatchObject({ mean: 2, low: 2, high: 2 });
    fc.assert(
      fc.property(samples(2, 12), fc.double({ min: 0.01, max: 0.999, noNaN: true }), (list, level) => {
        const { low, high } = bootstrapInterval(list, { ...options, level, rng: createRng(3) });
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(Math.min(...list));
        expect(high).toBeLessThanOrEqual(Math.max(...list));
      }),
    );
  });

  it('BCa moves with a rising map of the statistic', () => {
    const list = [1, 2, 2, 3, 9, 4, 1, 7];
    const options = { resamples: 2000, correction: 'bca' } as const;
    const plain = bootstrapInterval(list, { ...options, rng: createRng(2), statistic: (x) => Math.max(...x) });
    expect(plain.high).toBe(9);
    expect(plain.low).toBeGreaterThanOrEqual(1);
  });

  it('BCa covers the mean of a skewed distribution, its ends nearer to the long tail than percentiles', () => {
    const rng = createRng(21);
    let [covered, low, high] = [0, 0, 0];
    const runs = 300;
    for (let run = 0; run < runs; run++) {
      const list = Array.from({ length: 20 }, () => -Math.log(1 - rng.uniform()));
      const options = { resamples: 300, level: 0.9 };
      const plain = bootstrapInterval(list, { ...options, rng: rng.stream(run) });
      const corrected = bootstrapInterval(list, { ...options, rng: rng.stream(run), correction: 'bca' });
      if (corrected.low <= 1 && corrected.high >= 1) covered++;
      if (corrected.low > plain.low) low++;
      if (corrected.high > plain.high) high++;
    }
    expect(covered / runs).toBeGreaterThan(0.83);
    expect(covered / runs).toBeLessThan(0.95);
    expect(low / runs).toBeGreaterThan(0.85);
    expect(high / runs).toBeGreaterThan(0.85);
  });
});

const nan = Number.NaN;
const rng = createRng(1);
it.each<[string, string, () => unknown]>([
  [
    'a correction of no name',
    'statistics/bad-option',
    () => bootstrapInterval([1, 2], { rng, correction: 'x' as 'bca' }),
  ],
  ['pairs of two lengths', 'statistics/length-mismatch', () => pairedBootstrapInterval([1, 2], [1], { rng })],
  ['one pair', 'statistics/too-few-samples', () => pairedBootstrapInterval([1], [1], { rng })],
  ['NaN in a pair', 'statistics/not-finite', () => pairedBootstrapInterval([1, 2], [1, nan], { rng })],
])('%s: %s', (_, code, call) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
