import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import fc from 'fast-check';
import { probabilityRows } from '../test/support.js';
import {
  countLabelerMismatches,
  countMismatches,
  type DesCount,
  editLabels,
  headDisagreement,
  LabelsError,
  OptionError,
  ShapeError,
  sumRule,
  voteLabels,
} from './index.js';

const pools = fc.record({
  seed: fc.nat(),
  rows: fc.nat(12),
  classes: fc.integer({ min: 1, max: 4 }),
  threshold: fc.double({ min: 0, max: 1.1, noNaN: true }),
});
const argmax = (row: number[]) => row.indexOf(Math.max(...row));
const drawn = (seed: number, rows: number, classes: number) => {
  const rng = createRng(seed);
  return [probabilityRows(rng, rows, classes), probabilityRows(rng, rows, classes)] as const;
};

describe('voteLabels', () => {
  it('is what plain loops give, and symmetric', () => {
    fc.assert(
      fc.property(pools, ({ seed, rows, classes, threshold }) => {
        const [j, h] = drawn(seed, rows, classes);
        const votes = voteLabels(j.flat(), h.flat(), { classes, threshold });
        const expected = j.flatMap((row, i) => {
          const confidence = (Math.max(...row) + Math.max(...h[i]!)) / 2;
          expect(votes.confidence[i]).toBe(confidence);
          expect(votes.agree[i]).toBe(argmax(row) === argmax(h[i]!) ? 1 : 0);
          return argmax(row) === argmax(h[i]!) && confidence > threshold ? [[i, argmax(row)]] : [];
        });
        expect(Array.from(votes.accepted, (i, k) => [i, votes.labels[k]])).toEqual(expected);
        expect(voteLabels(h.flat(), j.flat(), { classes, threshold })).toEqual(votes);
      }),
    );
  });

  it('accepts a subset under a higher threshold', () => {
    fc.assert(
      fc.property(pools, fc.double({ min: 0, max: 1, noNaN: true }), ({ seed, rows, classes, threshold }, more) => {
        const [j, h] = drawn(seed, rows, classes);
        const at = (sigma: number) => voteLabels(j.flat(), h.flat(), { classes, threshold: sigma }).accepted;
        const low = new Set(at(threshold));
        for (const row of at(threshold + more)) expect(low.has(row)).toBe(true);
        expect(at(1.01)).toHaveLength(0);
      }),
    );
  });

  it('compares float32 probabilities in float32: 0.6 is not larger than 0.6', () => {
    const row = [0.6, 0.4];
    const options = { classes: 2, threshold: 0.6 };
    expect(voteLabels(Float32Array.from(row), Float32Array.from(row), options).accepted).toHaveLength(0);
    expect(voteLabels(row, row, options).accepted).toHaveLength(0);
  });

  it('refuses what does not fit', () => {
    expect(() => voteLabels([1, 0], [1], { classes: 2, threshold: 0.5 })).toThrow(ShapeError);
    expect(() => voteLabels([1, 0, 0], [1, 0, 0], { classes: 2, threshold: 0.5 })).toThrow(ShapeError);
    expect(() => voteLabels([1], [1], { classes: 0, threshold: 0.5 })).toThrow(OptionError);
    expect(() => voteLabels([1], [1], { classes: 1, threshold: Number.NaN })).toThrow(OptionError);
  });
});

describe('editing', () => {
  const passes = fc.integer({ min: 1, max: 9 });

  it('counts what plain loops count, in every mode', () => {
    fc.assert(
      fc.property(pools, passes, ({ seed, rows, classes }, times) => {
        const labels = Array.from({ length: rows }, (_, i) => (i + seed) % classes);
        const [j, h] = drawn(seed, rows * times, classes);
        const reference = (count: DesCount) =>
          labels.map((label, i) =>
            Array.from({ length: times }, (_, pass) => {
              const [pj, ph] = [j[pass * rows + i]!, h[pass * rows + i]!];
              if (count === 'mean') return argmax(pj.map((value, c) => value + ph[c]!)) === label ? 0 : 1;
              const differ = [pj, ph].filter((row) => argmax(row) !== label).length;
              return count === 'sum' ? differ : Math.min(1, differ);
            }).reduce((a, b) => a + b, 0),
          );
        for (const count of ['mean', 'either', 'sum'] as const) {
          const k = countLabelerMismatches(j.flat(), h.flat(), labels, { classes, count });
          expect(Array.from(k)).toEqual(reference(count));
        }
        const k = countLabelerMismatches(j.flat(), j.flat(), labels, { classes });
        expect(countMismatches(j.map(argmax), labels)).toEqual(k);
      }),
    );
  });

  it('deletes at k > K/3, inclusively at k ≥ K/3, for every K', () => {
    for (let times = 1; times <= 12; times++) {
      const k = Array.from({ length: times + 1 }, (_, i) => i);
      expect(Array.from(editLabels(k, { passes: times }))).toEqual(k.map((each) => (each > times / 3 ? 0 : 1)));
      expect(Array.from(editLabels(k, { passes: times, inclusive: true }))).toEqual(
        k.map((each) => (each >= times / 3 ? 0 : 1)),
      );
    }
  });

  it('refuses what does not fit', () => {
    const options = { classes: 2 };
    expect(() => countMismatches([0, 1, 1], [0, 1])).toThrow(ShapeError);
    expect(() => countLabelerMismatches([1, 0, 1], [1, 0, 1], [0], options)).toThrow(ShapeError);
    expect(() => countLabelerMismatches([1, 0], [1, 0, 1, 0], [0], options)).toThrow(ShapeError);
    expect(() => countLabelerMismatches([1, 0], [1, 0], [2], options)).toThrow(LabelsError);
    expect(() => countLabelerMismatches([1, 0], [1, 0], [0], { classes: 2, count: 'all' as DesCount })).toThrow(
      OptionError,
    );
    expect(() => editLabels([0], { passes: 0 })).toThrow(OptionError);
  });
});

describe('sumRule', () => {
  it('takes the class of the largest sum of probabilities', () => {
    fc.assert(
      fc.property(pools, ({ seed, rows, classes }) => {
        const rng = createRng(seed);
        const heads = Array.from({ length: 3 }, () => probabilityRows(rng, rows, classes));
        const { sums, classes: answers } = sumRule(
          heads.map((each) => each.flat()),
          classes,
        );
        for (let i = 0; i < rows; i++) {
          const expected = heads[0]![i]!.map((value, c) => value + heads[1]![i]![c]! + heads[2]![i]![c]!);
          expect(Array.from(sums.subarray(i * classes, (i + 1) * classes))).toEqual(expected);
          expect(answers[i]).toBe(argmax(expected));
        }
      }),
    );
    expect(() => sumRule([], 2)).toThrow(ShapeError);
    expect(() => sumRule([[1, 0], [1]], 2)).toThrow(ShapeError);
    expect(() => sumRule([[1, 0, 1]], 2)).toThrow(ShapeError);
  });
});

it('headDisagreement is the share of examples on which two heads differ', () => {
  const { pairs, mean } = headDisagreement([
    [0, 1, 2, 2],
    [0, 1, 2, 1],
    [0, 0, 0, 0],
  ]);
  expect(pairs).toEqual([0.25, 0.75, 0.75]);
  expect(mean).toBeCloseTo(1.75 / 3, 12);
  expect(() => headDisagreement([[0]])).toThrow(ShapeError);
  expect(() => headDisagreement([[], []])).toThrow(ShapeError);
  expect(() => headDisagreement([[0, 1], [0]])).toThrow(ShapeError);
});
