import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { auroc, averagePrecision, averagePrecisionAtR, hitAtK, precisionAtK, recallAtK, rPrecision } from './index.js';

/** Scores with many ties, and flags of which at least one is set. */
const ranked = (maxLength: number, levels = 4) =>
  fc
    .array(fc.record({ score: fc.nat(levels - 1), flag: fc.nat(1) }), { minLength: 1, maxLength })
    .filter((items) => items.some(({ flag }) => flag === 1))
    .map((items) => ({
      scores: Float32Array.from(items, ({ score }) => score / 8),
      flags: Uint8Array.from(items, ({ flag }) => flag),
    }));

function permutations(items: number[]): number[][] {
  if (items.length < 2) return [items];
  return items.flatMap((first, i) => permutations(items.filter((_, j) => j !== i)).map((rest) => [first, ...rest]));
}

/** The mean of a measure of a list of flags over all orders that the scores allow. */
function overOrders(
  { scores, flags }: { scores: Float32Array; flags: Uint8Array },
  measure: (list: number[]) => number,
) {
  const falls = (order: number[]) => order.every((item, i) => i === 0 || scores[order[i - 1]!]! >= scores[item]!);
  const values = permutations([...scores.keys()])
    .filter(falls)
    .map((order) => measure(order.map((item) => flags[item]!)));
  return values.reduce((a, b) => a + b, 0) / values.length;
}

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
const precision = (list: number[], k: number) => sum(list.slice(0, k)) / k;
const plainAp = (list: number[], cutoff = list.length) =>
  sum(list.slice(0, cutoff).map((flag, i) => flag * precision(list, i + 1))) / Math.min(cutoff, sum(list));

describe('ties', () => {
  it('in expectation are the mean over all orders', () => {
    fc.assert(
      fc.property(ranked(6), fc.integer({ min: 1, max: 7 }), (items, k) => {
        const { scores, flags } = items;
        const total = sum([...flags]);
        expect(averagePrecision(scores, flags)).toBeCloseTo(overOrders(items, plainAp), 10);
        expect(averagePrecision(scores, flags, { cutoff: k })).toBeCloseTo(
          overOrders(items, (list) => plainAp(list, k)),
          10,
        );
        expect(averagePrecisionAtR(scores, flags)).toBeCloseTo(
          overOrders(items, (list) => plainAp(list, total)),
          10,
        );
        expect(precisionAtK(scores, flags, k)).toBeCloseTo(
          overOrders(items, (list) => precision(list, k)),
          10,
        );
        expect(recallAtK(scores, flags, k)).toBeCloseTo(
          overOrders(items, (list) => sum(list.slice(0, k)) / total),
          10,
        );
        expect(hitAtK(scores, flags, k)).toBeCloseTo(
          overOrders(items, (list) => Math.max(...list.slice(0, k))),
          10,
        );
        expect(rPrecision(scores, flags)).toBeCloseTo(
          overOrders(items, (list) => precision(list, total)),
          10,
        );
      }),
      { numRuns: 120 },
    );
  });

  it('by index are a stable sort, for short and long lists', () => {
    fc.assert(
      fc.property(fc.oneof(ranked(12), ranked(600, 9)), fc.integer({ min: 1, max: 20 }), ({ scores, flags }, k) => {
        const list = [...scores.keys()].sort((i, j) => scores[j]! - scores[i]! || i - j).map((item) => flags[item]!);
        const total = sum(list);
        const found = sum(list.slice(0, k));
        const options = { ties: 'index' } as const;
        expect(averagePrecision(scores, flags, options)).toBeCloseTo(plainAp(list), 10);
        expect(averagePrecision(scores, flags, { ...options, cutoff: k })).toBeCloseTo(plainAp(list, k), 10);
        expect(averagePrecision(scores, flags, { ...options, cutoff: k, divideBy: 'found' })).toBeCloseTo(
          found === 0 ? 0 : (plainAp(list, k) * Math.min(k, total)) / found,
          10,
        );
        expect(precisionAtK(scores, flags, k, options)).toBeCloseTo(found / k, 10);
        expect(recallAtK(scores, flags, k, options)).toBeCloseTo(found / total, 10);
        expect(hitAtK(scores, flags, k, options)).toBe(found > 0 ? 1 : 0);
        expect(rPrecision(scores, flags, options)).toBeCloseTo(precision(list, total), 10);
        expect(averagePrecisionAtR(scores, flags, options)).toBeCloseTo(plainAp(list, total), 10);
      }),
    );
  });

  it('grouped are steps of the precision-recall curve', () => {
    fc.assert(
      fc.property(ranked(30), ({ scores, flags }) => {
        const at = (threshold: number) => {
          const taken = [...flags].filter((_, i) => scores[i]! >= threshold);
          return { precision: sum(taken) / taken.length, recall: sum(taken) / sum([...flags]) };
        };
        let [area, recall] = [0, 0];
        for (const threshold of [...new Set(scores)].sort((a, b) => b - a)) {
          const point = at(threshold);
          area += (point.recall - recall) * point.precision;
          recall = point.recall;
        }
        expect(averagePrecision(scores, flags, { ties: 'grouped' })).toBeCloseTo(area, 10);
      }),
    );
  });
});

describe('measures of a ranking', () => {
  it('do not depend on the order of the examples', () => {
    fc.assert(
      fc.property(ranked(300, 6), fc.integer(), ({ scores, flags }, seed) => {
        const order = [...scores.keys()].sort((i, j) => Math.sin(seed + 7 * i) - Math.sin(seed + 7 * j));
        const [shuffledScores, shuffledFlags] = [order.map((i) => scores[i]!), order.map((i) => flags[i]!)];
        expect(averagePrecision(shuffledScores, shuffledFlags)).toBeCloseTo(averagePrecision(scores, flags), 12);
        expect(hitAtK(shuffledScores, shuffledFlags, 3)).toBeCloseTo(hitAtK(scores, flags, 3), 12);
        const area = auroc(scores, flags);
        if (Number.isNaN(area)) expect(flags).not.toContain(0);
        else expect(auroc(shuffledScores, shuffledFlags)).toBeCloseTo(area, 12);
      }),
    );
  });

  it('see only the order of scores: distances are negative similarities, a rising map changes nothing', () => {
    fc.assert(
      fc.property(ranked(400, 50), ({ scores, flags }) => {
        const expected = averagePrecision(scores, flags, { cutoff: 10 });
        const distances = scores.map((score) => -score);
        expect(averagePrecision(distances, flags, { cutoff: 10, better: 'lower' })).toBe(expected);
        expect(averagePrecision(scores.map(Math.exp), flags, { cutoff: 10 })).toBe(expected);
      }),
    );
  });

  it('lie in [0, 1], in their known order, and are 1 for the best ranking only', () => {
    fc.assert(
      fc.property(ranked(40, 12), ({ scores, flags }) => {
        const ap = averagePrecision(scores, flags);
        expect(ap).toBeGreaterThan(0);
        expect(ap).toBeLessThanOrEqual(1 + 1e-12);
        expect(averagePrecisionAtR(scores, flags)).toBeLessThanOrEqual(rPrecision(scores, flags) + 1e-12);
        expect(recallAtK(scores, flags, 3)).toBeLessThanOrEqual(hitAtK(scores, flags, 3) + 1e-12);
        const worstRelevant = Math.min(...scores.filter((_, i) => flags[i] === 1));
        const bestOther = Math.max(-1, ...scores.filter((_, i) => flags[i] === 0));
        if (worstRelevant > bestOther) expect(ap).toBeCloseTo(1, 12);
        else expect(ap).toBeLessThan(1 - 1e-6);
      }),
    );
  });

  it('accept infinite scores, booleans and −0, which ties with 0', () => {
    const scores = [Number.NEGATIVE_INFINITY, 0, -0, Number.POSITIVE_INFINITY];
    expect(averagePrecision(scores, [false, true, false, true])).toBeCloseTo((1 + (1 + 2 / 3) / 2) / 2, 12);
    expect(auroc(scores, [false, true, false, true])).toBe(0.875);
    const many = Float64Array.from({ length: 500 }, (_, i) => (i % 2 === 0 ? 0 : -0));
    expect(
      averagePrecision(
        many,
        many.map((_, i) => i % 2),
        { ties: 'index' },
      ),
    ).toBe(0.5);
  });

  it('are undefined without a relevant item, precision excepted', () => {
    for (const measure of [averagePrecision, averagePrecisionAtR, rPrecision])
      expect(measure([1, 2], [0, 0])).toBeNaN();
    expect(averagePrecision([1, 2], [0, 0], { ties: 'grouped' })).toBeNaN();
    expect(averagePrecision([1, 2], [0, 0], { ties: 'index', divideBy: 'found', cutoff: 1 })).toBeNaN();
    expect(recallAtK([1, 2], [0, 0], 1)).toBeNaN();
    expect(hitAtK([1, 2], [0, 0], 1)).toBeNaN();
    expect(precisionAtK([1, 2], [0, 0], 1)).toBe(0);
    expect(auroc([1, 2], [0, 0])).toBeNaN();
    expect(auroc([1, 2], [1, 1])).toBeNaN();
  });

  it('AUROC is the share of pairs in the right order, ties by half', () => {
    fc.assert(
      fc.property(ranked(30), ({ scores, flags }) => {
        const [positive, negative] = [1, 0].map((wanted) => [...scores].filter((_, i) => flags[i] === wanted));
        const wins = positive!.flatMap((p) => negative!.map((n) => (p > n ? 1 : p === n ? 0.5 : 0)));
        if (wins.length > 0) expect(auroc(scores, flags)).toBeCloseTo(sum(wins) / wins.length, 12);
        else expect(auroc(scores, flags)).toBeNaN();
      }),
    );
  });

  it('take a list of a hundred thousand without a quadratic step', () => {
    const n = 100_000;
    const distances = Float32Array.from({ length: n }, (_, i) => (i * 7919) % 49);
    const flags = Uint8Array.from({ length: n }, (_, i) => (i % 10 === 0 ? 1 : 0));
    const start = performance.now();
    expect(averagePrecision(distances, flags, { better: 'lower' })).toBeCloseTo(0.1, 1);
    expect(auroc(distances, flags)).toBeCloseTo(0.5, 1);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

const nan = Number.NaN;
it.each<[string, string, () => unknown]>([
  ['NaN score', 'metrics/bad-score', () => averagePrecision([1, nan], [0, 1])],
  ['NaN score of AUROC', 'metrics/bad-score', () => auroc([1, nan], [0, 1])],
  ['no items', 'metrics/empty', () => averagePrecision([], [])],
  ['no scores of AUROC', 'metrics/empty', () => auroc([], [])],
  ['too few flags', 'metrics/length-mismatch', () => hitAtK([1, 2], [1], 1)],
  ['too few flags of AUROC', 'metrics/length-mismatch', () => auroc([1, 2], [1])],
  ['a grade as flag', 'metrics/label-range', () => rPrecision([1, 2], [2, 0])],
  ['NaN as flag', 'metrics/label-range', () => recallAtK([1, 2], [nan, 0], 1)],
  ['k = 0', 'metrics/bad-option', () => precisionAtK([1], [1], 0)],
  ['half a k', 'metrics/bad-option', () => hitAtK([1], [1], 1.5)],
  ['k = 0 of recall', 'metrics/bad-option', () => recallAtK([1], [1], 0)],
  ['cutoff 0', 'metrics/bad-option', () => averagePrecision([1], [1], { cutoff: 0 })],
  ['unknown ties', 'metrics/bad-option', () => averagePrecision([1], [1], { ties: 'mean' as 'index' })],
  ['unknown direction', 'metrics/bad-option', () => averagePrecision([1], [1], { better: 'up' as 'higher' })],
  ['grouped elsewhere', 'metrics/bad-option', () => hitAtK([1], [1], 1, { ties: 'grouped' as 'index' })],
  ['grouped with cutoff', 'metrics/bad-option', () => averagePrecision([1], [1], { ties: 'grouped', cutoff: 1 })],
  ['found with ties', 'metrics/bad-option', () => averagePrecision([1], [1], { divideBy: 'found' })],
  ['unknown divisor', 'metrics/bad-option', () => averagePrecision([1], [1], { divideBy: 'k' as 'found' })],
])('%s: %s', (_, code, call) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
