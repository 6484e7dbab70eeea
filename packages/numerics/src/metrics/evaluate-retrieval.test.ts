import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  averagePrecision,
  averagePrecisionAtR,
  evaluateRetrieval,
  hitAtK,
  precisionAtK,
  type RetrievalOptions,
  recallAtK,
  rPrecision,
} from './index.js';

/** Integer distances with ties of q queries to n items, and labels of both. */
const tasks = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 8 })).chain(([queries, items]) =>
  fc.record({
    distances: fc
      .array(fc.nat(3), { minLength: queries * items, maxLength: queries * items })
      .map((values) => Uint8Array.from(values)),
    queryLabels: fc.array(fc.nat(2), { minLength: queries, maxLength: queries }),
    itemLabels: fc.array(fc.nat(2), { minLength: items, maxLength: items }),
  }),
);

const meanOf = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('evaluateRetrieval', () => {
  it('is the mean of the measures of single rankings', () => {
    const choices = fc.record({
      ties: fc.constantFrom('expected', 'index'),
      cutoff: fc.constantFrom(1, 3, 100),
    }) as fc.Arbitrary<{ ties: 'expected' | 'index'; cutoff: number }>;
    fc.assert(
      fc.property(tasks, choices, ({ distances, queryLabels, itemLabels }, { ties, cutoff }) => {
        const options = { better: 'lower', ties } as const;
        const got = evaluateRetrieval(distances, { queryLabels, itemLabels }, { ...options, cutoff, at: [1, 3] });
        const rankings = queryLabels
          .map((label, q) => ({
            row: distances.subarray(q * itemLabels.length, (q + 1) * itemLabels.length),
            flags: itemLabels.map((item) => item === label),
          }))
          .filter(({ flags }) => flags.includes(true));
        expect(got.queries).toBe(rankings.length);
        const check = (value: number, measure: (row: Uint8Array, flags: boolean[]) => number) => {
          if (rankings.length === 0) expect(value).toBeNaN();
          else expect(value).toBeCloseTo(meanOf(rankings.map(({ row, flags }) => measure(row, flags))), 12);
        };
        check(got.averagePrecision, (row, flags) => averagePrecision(row, flags, { ...options, cutoff }));
        check(got.averagePrecisionAtR, (row, flags) => averagePrecisionAtR(row, flags, options));
        check(got.rPrecision, (row, flags) => rPrecision(row, flags, options));
        got.at.forEach((k, i) => {
          check(got.precisionAt[i]!, (row, flags) => precisionAtK(row, flags, k, options));
          check(got.recallAt[i]!, (row, flags) => recallAtK(row, flags, k, options));
          check(got.hitAt[i]!, (row, flags) => hitAtK(row, flags, k, options));
        });
      }),
    );
  });

  it('reads rows from a function and relevance from a function alike', () => {
    fc.assert(
      fc.property(tasks, ({ distances, queryLabels, itemLabels }) => {
        const [queries, items] = [queryLabels.length, itemLabels.length];
        const whole = evaluateRetrieval(distances, { queryLabels, itemLabels });
        const rows = (query: number) => distances.subarray(query * items, (query + 1) * items);
        const relevant = (query: number, item: number) => queryLabels[query] === itemLabels[item];
        expect(evaluateRetrieval(rows, { queries, items, relevant })).toEqual(whole);
      }),
    );
  });

  it('leaves a query out of its own ranking where queries are the items', () => {
    const similarities = [9, 1, 2, 1, 9, 3, 2, 3, 9];
    const queryLabels = [0, 1, 0];
    const own = evaluateRetrieval(similarities, { queryLabels });
    expect(own.queries).toBe(2);
    expect(own.perQuery.averagePrecision).toEqual(Float64Array.of(1, Number.NaN, 0.5));
    expect(own.averagePrecision).toBe(0.75);
    const withSelf = evaluateRetrieval(similarities, { queryLabels }, { excludeSelf: false });
    expect(withSelf).toMatchObject({ queries: 3, hitAt: [1] });
    const twice = evaluateRetrieval(similarities, { queryLabels, itemLabels: queryLabels }, { excludeSelf: true });
    expect(twice).toEqual(own);
  });

  it('is blind to the scores of excluded items', () => {
    const labels = { queryLabels: [0, 0, 1, 1] };
    const matrix = Float64Array.from({ length: 16 }, (_, i) => (i * 37) % 11);
    const other = matrix.map((value, i) => (i % 5 === 0 ? 1e9 : value));
    expect(evaluateRetrieval(other, labels)).toEqual(evaluateRetrieval(matrix, labels));
  });

  it('counts queries without a relevant item as 0 on request', () => {
    const relevance = { queryLabels: [0, 5], itemLabels: [0, 1] };
    const scores = [2, 1, 2, 1];
    expect(evaluateRetrieval(scores, relevance)).toMatchObject({ queries: 1, averagePrecision: 1, hitAt: [1] });
    const zero = evaluateRetrieval(scores, relevance, { withoutRelevant: 'zero' });
    expect(zero).toMatchObject({ queries: 2, averagePrecision: 0.5, hitAt: [0.5], recallAt: [0.5], rPrecision: 0.5 });
    const none = evaluateRetrieval([1], { queryLabels: [0] });
    expect(none.queries).toBe(0);
    expect(none.averagePrecision).toBeNaN();
  });
});

const labels = { queryLabels: [0, 1], itemLabels: [0, 1] };
const run = (options: RetrievalOptions) => () => evaluateRetrieval([1, 2, 3, 4], labels, options);
it.each<[string, string, () => unknown]>([
  ['too few scores', 'metrics/length-mismatch', () => evaluateRetrieval([1, 2, 3], labels)],
  ['a short row', 'metrics/length-mismatch', () => evaluateRetrieval(() => [1], labels)],
  ['NaN', 'metrics/bad-score', () => evaluateRetrieval([1, 2, Number.NaN, 4], labels)],
  ['no queries', 'metrics/empty', () => evaluateRetrieval([], { queryLabels: [], itemLabels: [1] })],
  ['no items', 'metrics/empty', () => evaluateRetrieval([], { queryLabels: [1], itemLabels: [] })],
  ['a missing label', 'metrics/label-range', () => evaluateRetrieval([1], { queryLabels: [0], itemLabels: [-1] })],
  ['half a label', 'metrics/label-range', () => evaluateRetrieval([1], { queryLabels: [0.5], itemLabels: [1] })],
  ['queries −1', 'metrics/bad-option', () => evaluateRetrieval([1], { queries: -1, items: 1, relevant: () => true })],
  [
    'self of more queries than items',
    'metrics/bad-option',
    () => evaluateRetrieval([1, 2], { queryLabels: [0, 1], itemLabels: [0] }, { excludeSelf: true }),
  ],
  ['k = 0', 'metrics/bad-option', run({ at: [1, 0] })],
  ['cutoff 0', 'metrics/bad-option', run({ cutoff: 0 })],
  ['found with ties', 'metrics/bad-option', run({ divideBy: 'found' })],
  ['unknown ties', 'metrics/bad-option', run({ ties: 'x' as 'index' })],
  ['unknown direction', 'metrics/bad-option', run({ better: 'x' as 'lower' })],
  ['unknown rule', 'metrics/bad-option', run({ withoutRelevant: 'x' as 'skip' })],
])('%s: %s', (_, code, call) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
