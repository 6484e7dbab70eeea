import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  adjustedMutualInformation,
  adjustedRandIndex,
  clusteringAccuracy,
  fowlkesMallows,
  hungarianAssignment,
  normalizedMutualInformation,
  purity,
  vMeasure,
} from './index.js';

const pairsOfPartitions = fc
  .array(fc.tuple(fc.nat(3), fc.nat(4)), { minLength: 1, maxLength: 40 })
  .map((pairs) => ({ a: Int32Array.from(pairs, ([a]) => a), b: pairs.map(([, b]) => b) }));
const symmetric = {
  normalizedMutualInformation,
  adjustedMutualInformation,
  adjustedRandIndex,
  fowlkesMallows,
  vMeasure: (a: ArrayLike<number>, b: ArrayLike<number>) => vMeasure(a, b).vMeasure,
};
const all = { ...symmetric, purity, clusteringAccuracy };

describe.each(Object.entries(all))('%s', (name, score) => {
  it('does not depend on names of clusters nor on the order of examples', () => {
    fc.assert(
      fc.property(pairsOfPartitions, ({ a, b }) => {
        const expected = score(a, b);
        const names = a.map((id) => [17, -4, 0, 9][id]!);
        expect(score(names, b)).toBeCloseTo(expected, 10);
        expect(score([...a].reverse(), [...b].reverse())).toBeCloseTo(expected, 10);
      }),
    );
  });

  it('is at most 1, and 1 for equal clusterings of any kind', () => {
    fc.assert(
      fc.property(pairsOfPartitions, ({ a, b }) => {
        expect(score(a, b)).toBeLessThanOrEqual(1 + 1e-10);
        const lowest = { adjustedMutualInformation: Number.NEGATIVE_INFINITY, adjustedRandIndex: -0.5 }[name] ?? 0;
        expect(score(a, b)).toBeGreaterThanOrEqual(lowest);
        expect(score(a, a)).toBeCloseTo(1, 12);
      }),
    );
    expect(score([3, 3, 3], [0, 0, 0])).toBe(1);
    expect(score([0, 1, 2], [2, 0, 1])).toBe(1);
    expect(score([7], [8])).toBe(1);
  });
});

describe('scores of clusterings', () => {
  it.each(Object.entries(symmetric))('%s is symmetric', (_, score) => {
    fc.assert(
      fc.property(pairsOfPartitions, ({ a, b }) => {
        expect(score(a, b)).toBeCloseTo(score(b, a), 10);
      }),
    );
  });

  it('of pairs equal counting all pairs', () => {
    fc.assert(
      fc.property(pairsOfPartitions, ({ a, b }) => {
        let [both, onlyA, onlyB, neither] = [0, 0, 0, 0];
        for (let i = 0; i < a.length; i++) {
          for (let j = 0; j < i; j++) {
            const [inA, inB] = [a[i] === a[j], b[i] === b[j]];
            if (inA && inB) both++;
            else if (inA) onlyA++;
            else if (inB) onlyB++;
            else neither++;
          }
        }
        if (onlyA + onlyB === 0) return;
        const rand =
          (2 * (both * neither - onlyA * onlyB)) /
          ((both + onlyA) * (onlyA + neither) + (both + onlyB) * (onlyB + neither));
        expect(adjustedRandIndex(a, b)).toBeCloseTo(rand, 10);
        const mallows = both === 0 ? 0 : both / Math.sqrt((both + onlyA) * (both + onlyB));
        expect(fowlkesMallows(a, b)).toBeCloseTo(mallows, 10);
      }),
    );
  });

  it('adjusted for chance are 0 in the mean over random relabellings', () => {
    const a = [0, 0, 0, 1, 1, 2];
    const b = [0, 0, 1, 1, 2, 2];
    let [count, rand, information] = [0, 0, 0];
    const visit = (rest: number[], order: number[]) => {
      if (rest.length === 0) {
        count++;
        rand += adjustedRandIndex(a, order);
        information += adjustedMutualInformation(a, order);
      }
      rest.forEach((id, i) => {
        visit(
          rest.filter((_, j) => j !== i),
          [...order, id],
        );
      });
    };
    visit(b, []);
    expect(count).toBe(720);
    expect(rand / count).toBeCloseTo(0, 10);
    expect(information / count).toBeCloseTo(0, 10);
  });

  it('normalisers order NMI: max ≤ arithmetic ≤ geometric ≤ min', () => {
    fc.assert(
      fc.property(pairsOfPartitions, ({ a, b }) => {
        const values = (['max', 'arithmetic', 'geometric', 'min'] as const).map((normaliser) =>
          normalizedMutualInformation(a, b, { normaliser }),
        );
        values.slice(1).forEach((value, i) => {
          expect(value).toBeGreaterThanOrEqual(values[i]! - 1e-12);
        });
        expect(values[1]).toBeCloseTo(vMeasure(a, b).vMeasure, 10);
      }),
    );
  });

  it('are 0 where only one side has one cluster, and AMI where chance leaves no room', () => {
    const [one, two, single] = [
      [0, 0, 0, 0],
      [0, 0, 1, 1],
      [0, 1, 2, 3],
    ] as const;
    for (const normaliser of ['arithmetic', 'geometric', 'min', 'max'] as const) {
      expect(normalizedMutualInformation(one, two, { normaliser })).toBe(0);
      expect(adjustedMutualInformation(one, two, { normaliser })).toBeCloseTo(0, 12);
    }
    // Singletons tell everything about two clusters, and so does every random relabelling: nothing to gain with 'min'.
    expect(adjustedMutualInformation(single, two, { normaliser: 'min' })).toBe(0);
    expect(adjustedMutualInformation(single, two)).toBeCloseTo(0, 12);
    expect(fowlkesMallows(single, two)).toBe(0);
    expect(vMeasure(one, two)).toEqual({ homogeneity: 0, completeness: 1, vMeasure: 0 });
  });

  it('clustering accuracy is the best over all namings', () => {
    const namings = (clusters: number[], names: number[]): number[][] =>
      clusters.length === 0
        ? [[]]
        : names.flatMap((name, i) =>
            namings(
              clusters.slice(1),
              names.filter((_, j) => j !== i),
            ).map((rest) => [name, ...rest]),
          );
    const all = namings([0, 1, 2, 3], [0, 1, 2, 3, 4]);
    fc.assert(
      fc.property(pairsOfPartitions, ({ a, b }) => {
        const right = all.map((naming) => b.filter((label, i) => naming[a[i]!] === label).length);
        expect(clusteringAccuracy(a, b)).toBeCloseTo(Math.max(...right) / b.length, 12);
        expect(clusteringAccuracy(a, b)).toBeLessThanOrEqual(purity(a, b) + 1e-12);
      }),
      { numRuns: 30 },
    );
  });
});

describe('hungarianAssignment', () => {
  const costs = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      values: fc.array(fc.integer({ min: -4, max: 4 }), { minLength: rows * columns, maxLength: rows * columns }),
    }),
  );

  it('finds the cheapest of all assignments, and says what it costs', () => {
    fc.assert(
      fc.property(costs, fc.boolean(), ({ rows, columns, values }, maximise) => {
        const best = (row: number, used: number, left: number): number => {
          if (left === 0) return 0;
          if (row === rows) return Number.POSITIVE_INFINITY;
          let least = rows - row > left ? best(row + 1, used, left) : Number.POSITIVE_INFINITY;
          for (let column = 0; column < columns; column++) {
            if (used & (1 << column)) continue;
            const cost = (maximise ? -1 : 1) * values[row * columns + column]!;
            least = Math.min(least, cost + best(row + 1, used | (1 << column), left - 1));
          }
          return least;
        };
        const pairs = Math.min(rows, columns);
        const { columnOfRow, cost } = hungarianAssignment(values, rows, columns, { maximise });
        expect((maximise ? -1 : 1) * cost).toBeCloseTo(best(0, 0, pairs), 12);
        const used = [...columnOfRow].filter((column) => column >= 0);
        expect(used).toHaveLength(pairs);
        expect(new Set(used).size).toBe(pairs);
        const sum = [...columnOfRow].reduce((total, c, r) => (c < 0 ? total : total + values[r * columns + c]!), 0);
        expect(cost).toBe(sum);
      }),
    );
  });

  it('solves 300 × 300 in no time', () => {
    const n = 300;
    const start = performance.now();
    // Row r is cheapest in column (r · 7) mod n, and only there.
    const values = Float64Array.from({ length: n * n }, (_, i) =>
      (Math.floor(i / n) * 7) % n === i % n ? 0 : 1 + (i % 5),
    );
    const { columnOfRow, cost } = hungarianAssignment(values, n, n);
    expect(cost).toBe(0);
    expect(columnOfRow[10]).toBe(70);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

it.each<[string, string, () => unknown]>([
  ['no examples', 'metrics/empty', () => adjustedRandIndex([], [])],
  ['two lengths', 'metrics/length-mismatch', () => normalizedMutualInformation([0, 1], [0])],
  ['half an id', 'metrics/label-range', () => purity([0.5], [0])],
  ['NaN as id', 'metrics/label-range', () => clusteringAccuracy([0], [Number.NaN])],
  [
    'unknown normaliser',
    'metrics/bad-option',
    () => normalizedMutualInformation([0], [0], { normaliser: 'x' as 'min' }),
  ],
  [
    'unknown normaliser of AMI',
    'metrics/bad-option',
    () => adjustedMutualInformation([0], [0], { normaliser: 'x' as 'min' }),
  ],
  ['beta −1', 'metrics/bad-option', () => vMeasure([0], [0], { beta: -1 })],
  ['beta NaN', 'metrics/bad-option', () => vMeasure([0], [0], { beta: Number.NaN })],
  ['no rows', 'metrics/bad-option', () => hungarianAssignment([], 0, 1)],
  ['too few costs', 'metrics/length-mismatch', () => hungarianAssignment([1, 2], 2, 2)],
  ['an infinite cost', 'metrics/bad-score', () => hungarianAssignment([1, Number.POSITIVE_INFINITY], 1, 2)],
  ['a NaN cost', 'metrics/bad-score', () => hungarianAssignment([Number.NaN], 1, 1)],
])('%s: %s', (_, code, call) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
