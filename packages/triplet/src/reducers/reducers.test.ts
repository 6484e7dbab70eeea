import { describe, expect, it } from '@jest/globals';
import {
  classWeighted,
  LabelsError,
  mean,
  meanNonZero,
  OptionError,
  perAnchor,
  type Reducer,
  sum,
  threshold,
} from '../index.js';

const totals = (sums: number[], counts: number[], labels = [0, 1, 2]) => ({
  sums: Float64Array.from(sums),
  counts: Float64Array.from(counts),
  labels: Int32Array.from(labels),
});

const weights = [1, 2, 4];

describe.each([
  ['mean', mean(), 9 / 6],
  ['sum', sum(), 9],
  ['perAnchor', perAnchor(), (2 / 1 + 7 / 5) / 2],
  ['classWeighted', classWeighted(weights), (2 * 1 + 7 * 2) / 6],
  ['meanNonZero', meanNonZero(), 9 / 6],
  ['threshold', threshold({ above: 1 }), 9 / 6],
] as [string, Reducer, number][])('%s', (_, reducer, expected) => {
  it('is its definition, and its scales are its derivative', () => {
    const { value, scales } = reducer.reduce(totals([2, 7, 0], [1, 5, 0]));
    expect(value).toBeCloseTo(expected, 12);
    [0, 1].forEach((row) => {
      const moved = [2, 7, 0].map((total, i) => (i === row ? total + 1 : total));
      expect(reducer.reduce(totals(moved, [1, 5, 0])).value - value).toBeCloseTo(scales[row]!, 12);
    });
  });

  it('is 0 where nothing counts', () => {
    const { value, scales } = reducer.reduce(totals([0, 0, 0], [0, 0, 0]));
    expect(value).toBe(0);
    expect([...scales].every(Number.isFinite)).toBe(true);
  });
});

it('thresholds say which elements count', () => {
  expect(meanNonZero().above).toBe(0);
  expect(threshold({ above: 1, below: 2 })).toMatchObject({ above: 1, below: 2 });
  expect(threshold({ below: 2 }).above).toBeUndefined();
});

it('reducers refuse what makes no sense', () => {
  expect(() => threshold({})).toThrow(OptionError);
  expect(() => threshold({ above: Number.NaN })).toThrow(OptionError);
  expect(() => classWeighted([1, Number.NaN])).toThrow(OptionError);
  expect(() => classWeighted([1]).reduce(totals([1, 1, 0], [1, 1, 0]))).toThrow(LabelsError);
});
