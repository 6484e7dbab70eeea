import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { midRanks } from './index.js';
import { stableOrder } from './stable-order.js';

const samples = (minLength: number, maxLength = 30) =>
  fc.array(fc.integer({ min: -50, max: 50 }), { minLength, maxLength });

describe('stableOrder and midRanks', () => {
  const values = fc.oneof(
    fc.array(fc.double({ noNaN: true }), { maxLength: 400, minLength: 150 }),
    fc.array(fc.constantFrom(0, -0, 1, -1, 0.5, 1e300, -1e-300, Infinity, -Infinity), {
      maxLength: 400,
      minLength: 150,
    }),
    fc.array(fc.integer({ min: 0, max: 64 }), { maxLength: 500 }).map((list) => Uint8Array.from(list)),
    fc.array(fc.float({ noNaN: true }), { maxLength: 400, minLength: 150 }).map((list) => Float32Array.from(list)),
  );

  it('sorts like a stable comparison sort, both ways, in whatever list', () => {
    fc.assert(
      fc.property(values, fc.boolean(), (list, descending) => {
        const sign = descending ? -1 : 1;
        const expected = [...list.keys()].sort((i, j) =>
          list[i]! < list[j]! ? -sign : list[i]! > list[j]! ? sign : i - j,
        );
        expect([...stableOrder(list, descending)]).toEqual(expected);
      }),
    );
  });

  it('ranks count what is smaller, and half of what is equal', () => {
    fc.assert(
      fc.property(samples(1, 300), (list) => {
        const plain = list.map((x) => list.filter((y) => y < x).length + (list.filter((y) => y === x).length + 1) / 2);
        expect([...midRanks(list)]).toEqual(plain);
      }),
    );
  });
});

const nan = Number.NaN;
it.each<[string, string, () => unknown]>([
  ['ranks of nothing', 'statistics/too-few-samples', () => midRanks([])],
  ['ranks of NaN', 'statistics/not-finite', () => midRanks([nan])],
])('%s: %s', (_, code, call) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
