import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import fc from 'fast-check';
import { bitsOf, clusteredCodes, hitsOf, line, sortedHits, textDistance } from '../../test/codes.js';
import { CodeShapeError, HashOptionError } from '../errors.js';
import { HashTableIndex, type HashTableIndexOptions } from './hash-table-index.js';
import { multiProbe } from './multi-probe.js';

describe('multiProbe', () => {
  it.each(['squared', 'sum'] as const)('gives the cheapest keys first: %s', (cost) => {
    const margins = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        margins,
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 1, max: 300 }),
        (margins, base, probes) => {
          const key = base & (2 ** margins.length - 1);
          const costOf = (probe: number) =>
            margins.reduce(
              (sum, margin, bit) =>
                sum + (((probe ^ key) >>> bit) & 1 ? (cost === 'sum' ? Math.abs(margin) : margin ** 2) : 0),
              0,
            );
          const all = Array.from({ length: 2 ** margins.length }, (_, probe) => costOf(probe)).sort((a, b) => a - b);
          const got = Array.from(multiProbe(key, margins, probes, { cost }));
          expect(got[0]).toBe(key);
          expect(new Set(got).size).toBe(Math.min(probes, all.length));
          expect(got.map(costOf)).toEqual(all.slice(0, probes));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reaches bit 31', () => {
    const margins = Array.from({ length: 32 }, (_, bit) => 32 - bit);
    expect(Array.from(multiProbe(1, margins, 3))).toEqual([1, 2 ** 31 + 1, 2 ** 30 + 1]);
  });

  it('refuses what is no number of probes, no margin, too many bits', () => {
    expect(() => multiProbe(0, [1], 0)).toThrow(HashOptionError);
    expect(() => multiProbe(0, [1, Number.NaN], 1)).toThrow('for bit 1');
    expect(() => multiProbe(0, new Float32Array(33), 1)).toThrow(HashOptionError);
  });
});

describe('HashTableIndex', () => {
  const bits = 40;
  const [codes, queries] = [clusteredCodes(700, bits, 1, 4), clusteredCodes(12, bits, 2, 4)];
  const items = Array.from({ length: codes.n }, (_, id) => ({ id, bits: bitsOf(codes, id) }));
  const pick = (text: string, set: readonly number[]) => set.map((bit) => text[bit]).join('');

  it.each<[string, Omit<HashTableIndexOptions, 'bits'>, number[][]]>([
    ['one table', { bitsPerTable: 10, radius: 1 }, [Array.from({ length: 10 }, (_, i) => i)]],
    [
      'three tables',
      { bitsPerTable: 9, tables: 3, radius: 2 },
      [0, 1, 2].map((t) => Array.from({ length: 9 }, (_, i) => 9 * t + i)),
    ],
    ['a sparse table', { bitsPerTable: 32, radius: 2 }, [Array.from({ length: 32 }, (_, i) => i)]],
    [
      'given bits',
      {
        bitSets: [
          [39, 0, 31, 32],
          [5, 6, 39],
        ],
      },
      [
        [39, 0, 31, 32],
        [5, 6, 39],
      ],
    ],
  ])('finds what lies in the probed buckets: %s', (_, options, sets) => {
    const index = new HashTableIndex({ bits, ...options });
    // Some before the first search, some in two steps after it.
    const part = (from: number, to: number) => ({ n: to - from, bits, words: codes.words.subarray(2 * from, 2 * to) });
    index.add(part(0, 300));
    index.search(queries, 1);
    index.add(part(300, 500));
    index.search(queries, 1);
    index.add(part(500, 700));
    const result = index.search(queries, 25);
    let computed = 0;
    for (let q = 0; q < queries.n; q++) {
      const query = bitsOf(queries, q);
      const inBuckets = sets.map((set) =>
        items.filter(({ bits }) => textDistance(pick(bits, set), pick(query, set)) <= (options.radius ?? 0)),
      );
      const probed = [...new Set(inBuckets.flat())];
      computed += inBuckets.flat().length;
      expect(line(hitsOf(result, 25, q))).toBe(line(sortedHits(probed, query).slice(0, 25), 25));
    }
    expect(index.stats().distances).toBe(computed);
    const keys = [1, 1 + sets[0]!.length, 1 + (sets[0]!.length * (sets[0]!.length + 1)) / 2][options.radius ?? 0]!;
    expect(index.stats().buckets).toBe(queries.n * sets.length * keys);
    const range = index.rangeSearch(queries, 6);
    const nearest = result.distances.filter((distance) => distance >= 0 && distance <= 6).length;
    expect(range.ids.length).toBeGreaterThanOrEqual(nearest);
    expect(range.distances.every((distance) => distance <= 6)).toBe(true);
  });

  it('probes in the order of margins', () => {
    const rng = createRng(3);
    const margins = Float32Array.from({ length: queries.n * bits }, () => rng.normal());
    const set = [0, 1, 2, 3, 4, 5, 6, 7];
    const index = new HashTableIndex({ bits, bitsPerTable: 8 });
    index.add(codes);
    const result = index.search(queries, 30, { probing: { margins, probes: 20, cost: 'sum' } });
    for (let q = 0; q < queries.n; q++) {
      const query = bitsOf(queries, q);
      const costOf = (text: string) =>
        set.reduce((sum, bit) => sum + (text[bit] === query[bit] ? 0 : Math.abs(margins[q * bits + bit]!)), 0);
      const keys = Array.from({ length: 256 }, (_, key) => set.map((bit) => (key >>> bit) & 1).join(''));
      const probed = new Set(keys.sort((a, b) => costOf(a) - costOf(b)).slice(0, 20));
      const expected = sortedHits(
        items.filter((item) => probed.has(pick(item.bits, set))),
        query,
      );
      expect(line(hitsOf(result, 30, q))).toBe(line(expected.slice(0, 30), 30));
    }
    expect(index.stats().buckets).toBe(20 * queries.n);
  });

  it('takes the bits of a table in any array', () => {
    const results = [[[0, 3, 5]], [Uint8Array.of(0, 3, 5)]].map((bitSets) => {
      const index = new HashTableIndex({ bits, bitSets });
      index.add(codes);
      return index.search(queries, 30);
    });
    expect(results[1]).toEqual(results[0]);
  });

  it('refuses tables that do not fit', () => {
    expect(() => new HashTableIndex({ bits, bitsPerTable: 14, tables: 3 })).toThrow(HashOptionError);
    expect(() => new HashTableIndex({ bits, bitsPerTable: 33 })).toThrow(HashOptionError);
    expect(() => new HashTableIndex({ bits, tables: 0 })).toThrow(HashOptionError);
    expect(() => new HashTableIndex({ bits, radius: -1 })).toThrow(HashOptionError);
    expect(() => new HashTableIndex({ bits, bitSets: [] })).toThrow(HashOptionError);
    expect(() => new HashTableIndex({ bits, bitSets: [[1, 1]] })).toThrow(HashOptionError);
    expect(() => new HashTableIndex({ bits, bitSets: [[40]] })).toThrow(HashOptionError);
    const index = new HashTableIndex({ bits });
    expect(() => index.search(queries, 1, { probing: { margins: new Float32Array(3), probes: 2 } })).toThrow(
      CodeShapeError,
    );
  });
});
