import { describe, expect, it } from '@jest/globals';
import { averagePrecision } from '@tensor-papers/numerics/metrics';
import { createRng } from '@tensor-papers/numerics/random';
import fc from 'fast-check';
import { type Codes, packSigns, takeCodes, unpackSigns } from '../codes/codes.js';
import { hamming, wordsAt } from '../codes/hamming.js';
import { evaluate } from './evaluate.js';
import { expectedAveragePrecision, expectedPrecisionAt, radiusCounts } from './radius-counts.js';

const ranking = fc
  .array(fc.tuple(fc.nat(6), fc.boolean()), { minLength: 1, maxLength: 30 })
  .map((items) => ({ distances: items.map(([d]) => d), relevant: items.map(([, r]) => Number(r)) }))
  .filter(({ relevant }) => relevant.includes(1));

describe('expectations over ties (properties)', () => {
  it('average precision is that of numerics, whole and at a cutoff', () => {
    fc.assert(
      fc.property(ranking, fc.integer({ min: 1, max: 35 }), ({ distances, relevant }, cutoff) => {
        const counts = radiusCounts(distances, relevant, 6);
        const better = { better: 'lower' } as const;
        expect(expectedAveragePrecision(counts)).toBeCloseTo(averagePrecision(distances, relevant, better), 10);
        const atCutoff = averagePrecision(distances, relevant, { ...better, cutoff });
        expect(expectedAveragePrecision(counts, cutoff)).toBeCloseTo(atCutoff, 10);
      }),
    );
  });

  it('both are the mean over all orders of equally distant items', () => {
    const [distances, relevant] = [
      [1, 1, 1, 2, 2],
      [1, 0, 1, 0, 1],
    ];
    const orders = permutations([0, 1, 2, 3, 4]).filter((order) =>
      order.every((item, i) => i === 0 || distances![order[i - 1]!]! <= distances![item]!),
    );
    const mean = (score: (flags: number[]) => number) =>
      orders.reduce((sum, order) => sum + score(order.map((item) => relevant![item]!)), 0) / orders.length;
    const counts = radiusCounts(distances!, relevant!, 2);
    const ap = (flags: number[]) =>
      flags.reduce((sum, flag, t) => sum + (flag ? flags.slice(0, t + 1).reduce((a, b) => a + b) / (t + 1) : 0), 0) / 3;
    expect(orders).toHaveLength(12);
    expect(expectedAveragePrecision(counts)).toBeCloseTo(mean(ap), 12);
    for (const n of [1, 2, 4, 5]) {
      const precision = (flags: number[]) => flags.slice(0, n).reduce((a, b) => a + b, 0) / n;
      expect(expectedPrecisionAt(counts, n)).toBeCloseTo(mean(precision), 12);
    }
  });
});

function permutations(items: number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

const randomCodes = (n: number, bits: number, seed: number): Codes => {
  const rng = createRng(seed);
  return packSigns(
    Float32Array.from({ length: n * bits }, () => rng.normal()),
    bits,
  );
};

describe('evaluate', () => {
  const [dbCodes, queryCodes] = [randomCodes(80, 9, 1), randomCodes(12, 9, 2)];
  const databaseLabels = Array.from({ length: 80 }, (_, i) => i % 4);
  const queryLabels = Array.from({ length: 12 }, (_, i) => i % 5);
  const relevance = { queryLabels, databaseLabels };

  it('is the mean over the queries that have something relevant', () => {
    const result = evaluate({ queryCodes, dbCodes, relevance }, { cutoff: 10, at: [5, 80], radius: 0 });
    const known = queryLabels.flatMap((label, q) => (label < 4 ? [q] : []));
    expect(result.queries).toBe(known.length);
    const rows = known.map((q) => ({
      distances: databaseLabels.map((_, i) => hamming(wordsAt(queryCodes, q), wordsAt(dbCodes, i))),
      relevant: databaseLabels.map((label) => Number(label === queryLabels[q])),
    }));
    const mean = (score: (row: (typeof rows)[0]) => number) =>
      rows.reduce((sum, row) => sum + score(row), 0) / rows.length;
    const better = { better: 'lower' } as const;
    expect(result.meanAveragePrecision).toBeCloseTo(
      mean((r) => averagePrecision(r.distances, r.relevant, better)),
      10,
    );
    expect(result.meanAveragePrecisionAtCutoff).toBeCloseTo(
      mean((r) => averagePrecision(r.distances, r.relevant, { ...better, cutoff: 10 })),
      10,
    );
    const inBall = (row: (typeof rows)[0]) => row.relevant.filter((_, i) => row.distances[i] === 0);
    expect(result.emptyBalls).toBeCloseTo(
      mean((row) => Number(inBall(row).length === 0)),
      12,
    );
    expect(result.precisionWithinRadius).toBeCloseTo(
      mean((row) => {
        const ball = inBall(row);
        return ball.length === 0 ? 0 : ball.reduce((a, b) => a + b) / ball.length;
      }),
      12,
    );
    expect(result.precisionByRadius).toHaveLength(10);
    expect(result.precisionByRadius[9]).toBeCloseTo(0.25, 12);
    expect(result.recallByRadius[9]).toBe(1);
    expect(result.precisionAt[80]).toBeCloseTo(0.25, 12);
    expect(result.recallAt[80]).toBeCloseTo(1, 12);
  });

  it('takes neighbours and functions alike', () => {
    const options = { at: [3] };
    const byLabel = evaluate({ queryCodes, dbCodes, relevance }, options);
    const neighbors = queryLabels.map((label) => databaseLabels.flatMap((other, i) => (other === label ? [i] : [])));
    expect(evaluate({ queryCodes, dbCodes, relevance: { neighbors } }, options)).toEqual(byLabel);
    const same = (q: number, i: number) => queryLabels[q] === databaseLabels[i];
    expect(evaluate({ queryCodes, dbCodes, relevance: same }, options)).toEqual(byLabel);
  });

  it('leaves a query that stands in the database out of its own ranking', () => {
    const places = [3, 40, 77];
    const input = {
      queryCodes: takeCodes(dbCodes, places),
      dbCodes,
      relevance: { queryLabels: places.map((i) => i % 4), databaseLabels },
    };
    const without = places.map((place) => {
      const rest = databaseLabels.map((_, i) => i).filter((i) => i !== place);
      return evaluate({
        queryCodes: takeCodes(dbCodes, [place]),
        dbCodes: takeCodes(dbCodes, rest),
        relevance: { queryLabels: [place % 4], databaseLabels: rest.map((i) => i % 4) },
      }).meanAveragePrecision;
    });
    const mean = without.reduce((a, b) => a + b) / 3;
    expect(evaluate({ ...input, self: places }).meanAveragePrecision).toBeCloseTo(mean, 12);
    expect(evaluate(input).meanAveragePrecision).toBeGreaterThan(mean);
  });

  it('does not change when bits are flipped in both sets, or swapped', () => {
    const base = evaluate({ queryCodes, dbCodes, relevance }).meanAveragePrecision;
    const changed = (change: (signs: number[]) => number[]) => {
      const of = (codes: Codes) => {
        const signs = Array.from(unpackSigns(codes));
        const rows = Array.from({ length: codes.n }, (_, i) => change(signs.slice(9 * i, 9 * i + 9)));
        return packSigns(rows.flat(), 9);
      };
      return evaluate({ queryCodes: of(queryCodes), dbCodes: of(dbCodes), relevance }).meanAveragePrecision;
    };
    expect(changed(([first, ...rest]) => [-first!, ...rest])).toBe(base);
    expect(changed((signs) => signs.toReversed())).toBe(base);
  });

  it('is 1 for codes of classes, and the share of the class for codes that say nothing', () => {
    const perfect = (labels: number[]) =>
      packSigns(
        labels.flatMap((l) => [l & 1 ? 1 : -1, l & 2 ? 1 : -1]),
        2,
      );
    const labels = { queryLabels: [0, 1, 2, 3], databaseLabels };
    expect(
      evaluate({ queryCodes: perfect([0, 1, 2, 3]), dbCodes: perfect(databaseLabels), relevance: labels })
        .meanAveragePrecision,
    ).toBe(1);
    const constant = (n: number) => packSigns(new Float32Array(n).fill(1), 1);
    const blind = evaluate({ queryCodes: constant(4), dbCodes: constant(80), relevance: labels });
    expect(blind.precisionWithinRadius).toBeCloseTo(0.25, 12);
    expect(blind.meanAveragePrecision).toBeCloseTo(0.25, 1);
  });

  it('takes null for no places of its own', () => {
    const input = { queryCodes, dbCodes, relevance };
    expect(evaluate({ ...input, self: null as never })).toEqual(evaluate(input));
  });

  it('says what is wrong', () => {
    const input = { queryCodes, dbCodes, relevance };
    expect(() => evaluate({ ...input, queryCodes: randomCodes(3, 8, 1) })).toThrow(/expected codes of 8 bits, got 9/);
    expect(() => evaluate({ ...input, queryCodes: takeCodes(queryCodes, []) })).toThrow(/at least one query/);
    expect(() => evaluate({ ...input, relevance: { ...relevance, queryLabels: [1] } })).toThrow(/12 labels of queries/);
    expect(() => evaluate({ ...input, relevance: { neighbors: [[80]] } })).toThrow(/a list for each of 12 queries/);
    const neighbors = Array.from({ length: 12 }, () => [80]);
    expect(() => evaluate({ ...input, relevance: { neighbors } })).toThrow(/expected places 0 … 79, got 80/);
    expect(() => evaluate({ ...input, self: [1] })).toThrow(/one place for each of 12/);
    expect(() => evaluate(input, { cutoff: 0 })).toThrow(/cutoff: expected an integer of at least 1, got 0/);
    expect(() => evaluate(input, { radius: -1 })).toThrow(/radius: expected an integer of at least 0, got -1/);
    expect(() => evaluate(input, { at: [1.5] })).toThrow(/at: expected an integer of at least 1, got 1.5/);
  });
});
