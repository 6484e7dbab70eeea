import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRng } from '../random/index.js';
import {
  bootstrapInterval,
  mean,
  median,
  pairedTInterval,
  quantile,
  slope,
  standardDeviation,
  tInterval,
  wilsonInterval,
} from './index.js';

const samples = (minLength: number) =>
  fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength, maxLength: 30 });
const nan = Number.NaN;

describe('mean, standardDeviation, median, quantile', () => {
  it('mean survives cancellation', () => {
    expect(mean([1e16, 1, -1e16, 1])).toBe(0.5);
    expect(mean([3])).toBe(3);
  });

  it('standardDeviation divides by n − 1 and survives a large offset', () => {
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 14);
    expect(standardDeviation([1e9, 1e9 + 1, 1e9 + 2])).toBe(1);
    expect(standardDeviation([0.1, 0.1, 0.1])).toBe(0);
  });

  it('quantile interpolates between order statistics and leaves its input as it is', () => {
    const values = Float64Array.of(15, 20, 35, 40, 50).reverse();
    expect(quantile(values, 0)).toBe(15);
    expect(quantile(values, 0.4)).toBeCloseTo(29, 12);
    expect(quantile(values, 1)).toBe(50);
    expect(values[0]).toBe(50);
    expect(median([3, 1, 2])).toBe(2);
    expect(median([10, 9, 1, 2])).toBe(5.5);
  });

  it('quantile grows with p and stays within the samples', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(samples(1), unit, unit, (values, p, q) => {
        const [low, high] = [quantile(values, Math.min(p, q)), quantile(values, Math.max(p, q))];
        expect(low).toBeLessThanOrEqual(high + 1e-9);
        expect(low).toBeGreaterThanOrEqual(Math.min(...values));
        expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
      }),
    );
  });
});

describe('tInterval and pairedTInterval', () => {
  it('equal the textbook formula', () => {
    // n = 5, x̄ = 12, s² = 2.5: 12 ± 2.776445 · √(2.5 / 5)
    const { mean: centre, low, high, n, method } = tInterval([10, 11, 12, 13, 14]);
    expect([centre, n, method]).toEqual([12, 5, 't']);
    expect(low).toBeCloseTo(12 - 2.7764451051977934 * Math.SQRT1_2, 10);
    expect(high).toBeCloseTo(12 + 2.7764451051977934 * Math.SQRT1_2, 10);
    expect(tInterval([10, 11, 12, 13, 14], { level: 0.5 }).low).toBeGreaterThan(low);
  });

  it('has no width where all samples are equal', () => {
    expect(tInterval([2, 2, 2])).toEqual({ mean: 2, low: 2, high: 2, n: 3, method: 't' });
  });

  it('covers the true mean as often as it says', () => {
    const rng = createRng(11);
    let covered = 0;
    const runs = 4000;
    for (let run = 0; run < runs; run++) {
      const { low, high } = tInterval([rng.normal(), rng.normal(), rng.normal(), rng.normal()], { level: 0.9 });
      if (low <= 0 && high >= 0) covered++;
    }
    expect(Math.abs(covered / runs - 0.9)).toBeLessThan(4 * Math.sqrt((0.9 * 0.1) / runs));
  });

  it('of pairs is that of the differences, and turns around when the pair does', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
      minLength: 2,
      maxLength: 12,
    });
    fc.assert(
      fc.property(pairs, (values) => {
        const [a, b] = [values.map(([first]) => first), values.map(([, second]) => second)];
        const paired = pairedTInterval(a, b);
        expect(paired).toEqual(tInterval(values.map(([x, y]) => x - y)));
        const turned = pairedTInterval(b, a);
        expect(turned.low).toBeCloseTo(-paired.high, 9);
        expect(turned.high).toBeCloseTo(-paired.low, 9);
      }),
    );
  });
});

describe('bootstrapInterval', () => {
  const rng = createRng(1).stream('test');

  it('is near the normal interval for a mean of many samples', () => {
    const values = Array.from({ length: 400 }, () => rng.normal());
    const { mean: centre, low, high, n, method } = bootstrapInterval(values, { rng: createRng(2), resamples: 4000 });
    const half = (1.96 * standardDeviation(values)) / 20;
    expect([n, method]).toEqual([400, 'bootstrap']);
    expect(centre).toBe(mean(values));
    expect(Math.abs(low - (centre - half))).toBeLessThan(0.15 * half);
    expect(Math.abs(high - (centre + half))).toBeLessThan(0.15 * half);
  });

  it('repeats with the seed, and takes any statistic', () => {
    const values = [1, 2, 3, 4, 100];
    const once = bootstrapInterval(values, { rng: createRng(3), resamples: 500, statistic: median });
    expect(bootstrapInterval(values, { rng: createRng(3), resamples: 500, statistic: median })).toEqual(once);
    expect(bootstrapInterval(values, { rng: createRng(4), resamples: 500 })).not.toEqual(once);
    expect(once.mean).toBe(3);
    expect(values).toContain(once.low);
    expect(values).toContain(once.high);
  });

  it('draws every sample equally often', () => {
    const counts = new Array<number>(5).fill(0);
    bootstrapInterval([0, 1, 2, 3, 4], {
      rng: createRng(5),
      resamples: 4000,
      statistic: (drawn) => {
        for (const value of drawn) counts[value]!++;
        return 0;
      },
    });
    // The call on the samples themselves adds one to each.
    for (const count of counts) expect(Math.abs(count - 1 - 4000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.16));
  });
});

describe('wilsonInterval', () => {
  it('equals published values', () => {
    // 7 of 10: 0.3968 … 0.8922 (Wilson score without continuity correction).
    const { low, high, mean: share } = wilsonInterval(7, 10);
    expect(share).toBe(0.7);
    expect(low).toBeCloseTo(0.3968, 4);
    expect(high).toBeCloseTo(0.8922, 4);
    expect(wilsonInterval(0, 10)).toMatchObject({ low: 0, n: 10, method: 'wilson' });
    expect(wilsonInterval(0, 10).high).toBeCloseTo(0.2775, 4);
    expect(wilsonInterval(10, 10).high).toBe(1);
  });

  it('ends where the score test turns: (p̂ − p)² = z² p(1 − p)/n', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, share) => {
        const successes = Math.min(trials - 1, Math.max(1, Math.round(share * trials)));
        const { low, high } = wilsonInterval(successes, trials);
        for (const p of [low, high]) {
          const distance = (successes / trials - p) ** 2;
          expect(distance).toBeCloseTo((1.959963984540054 ** 2 * p * (1 - p)) / trials, 10);
        }
        const mirrored = wilsonInterval(trials - successes, trials);
        expect(mirrored.low).toBeCloseTo(1 - high, 12);
      }),
    );
  });
});

describe('slope', () => {
  it('is that of the line', () => {
    expect(slope([1, 3, 5])).toBe(2);
    expect(slope([1, 2, 4], [0, 10, 20])).toBeCloseTo(0.15, 14);
  });

  it('leaves residuals that do not depend on x', () => {
    fc.assert(
      fc.property(samples(2), (values) => {
        const b = slope(values);
        const [mx, my] = [(values.length - 1) / 2, mean(values)];
        const products = values.reduce((sum, y, x) => sum + (x - mx) * (y - my - b * (x - mx)), 0);
        expect(Math.abs(products)).toBeLessThan(1e-7);
      }),
    );
  });
});

it.each<[string, string, () => unknown]>([
  ['mean of nothing', 'statistics/too-few-samples', () => mean([])],
  ['standardDeviation of one', 'statistics/too-few-samples', () => standardDeviation([1])],
  ['median of nothing', 'statistics/too-few-samples', () => median([])],
  ['tInterval of one', 'statistics/too-few-samples', () => tInterval([1])],
  ['bootstrap of one', 'statistics/too-few-samples', () => bootstrapInterval([1], { rng: createRng(1) })],
  ['slope of one', 'statistics/too-few-samples', () => slope([1])],
  ['Wilson of none', 'statistics/too-few-samples', () => wilsonInterval(0, 0)],
  ['pairs of two lengths', 'statistics/length-mismatch', () => pairedTInterval([1, 2], [1, 2, 3])],
  ['slope of two lengths', 'statistics/length-mismatch', () => slope([1, 2], [1, 2, 3])],
  ['NaN', 'statistics/not-finite', () => mean([1, nan])],
  ['∞', 'statistics/not-finite', () => tInterval([1, Number.POSITIVE_INFINITY])],
  ['NaN in a pair', 'statistics/not-finite', () => pairedTInterval([1, 2], [nan, 2])],
  ['NaN x', 'statistics/not-finite', () => slope([1, 2], [nan, 2])],
  [
    'a statistic of NaN',
    'statistics/not-finite',
    () => bootstrapInterval([1, 2], { rng: createRng(1), statistic: () => nan }),
  ],
  ['level 1', 'statistics/bad-option', () => tInterval([1, 2], { level: 1 })],
  ['level 95', 'statistics/bad-option', () => wilsonInterval(1, 2, { level: 95 })],
  ['p of 2', 'statistics/bad-option', () => quantile([1], 2)],
  ['no resamples', 'statistics/bad-option', () => bootstrapInterval([1, 2], { rng: createRng(1), resamples: 0 })],
  ['more successes than trials', 'statistics/bad-option', () => wilsonInterval(3, 2)],
  ['half a success', 'statistics/bad-option', () => wilsonInterval(0.5, 2)],
  ['negative trials', 'statistics/bad-option', () => wilsonInterval(0, -1)],
  ['x all equal', 'statistics/bad-option', () => slope([1, 2], [3, 3])],
])('%s: %s', (_, code, call) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
