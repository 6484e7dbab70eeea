import { describe, expect, it } from '@jest/globals';
import { codesOf, randomCodes } from '../../test/codes.js';
import { compareWithFlat } from '../../test/compare-with-flat.js';
import { HashOptionError } from '../errors.js';
import { FlatIndex } from './flat-index.js';
import { MultiIndexHashing } from './multi-index-hashing.js';

describe('multi-index hashing', () => {
  it('equals the flat search on 10,000 queries, with and without falling back', () => {
    const { queries, scans } = compareWithFlat(10_000, 1);
    expect(queries).toBeGreaterThanOrEqual(10_000);
    expect(scans / queries).toBeGreaterThan(0.05);
    expect(scans / queries).toBeLessThan(0.95);
  });

  it.each([1, 2, 3, 5])('visits C(bits, radius) keys of each substring: m = %i', (m) => {
    const bits = 13;
    const index = new MultiIndexHashing({ bits, m, fallback: false });
    index.add(codesOf(['1'.repeat(bits)]));
    // To the end: all keys of all substrings, the first 13 mod m of them one bit longer.
    index.search(codesOf(['0'.repeat(bits)]), 2);
    const short = Math.floor(bits / m);
    const visited = (bits % m) * 2 ** (short + 1) + (m - (bits % m)) * 2 ** short;
    // A shorter substring would have its last shell only beyond radius 13.
    const missed = Array.from({ length: m }, (_, t) => {
      const [length, radius] = [short + (t < bits % m ? 1 : 0), Math.floor((bits - t) / m)];
      return length > radius ? 1 : 0;
    }).reduce((sum: number, count) => sum + count, 0);
    expect(index.stats().buckets).toBe(visited - missed);
  });

  it('finds in substrings of more than 32 bits, whose keys are not the bits themselves', () => {
    const codes = randomCodes(500, 130, 3);
    const [index, flat] = [new MultiIndexHashing({ bits: 130, m: 2, fallback: false }), new FlatIndex({ bits: 130 })];
    for (const each of [index, flat]) each.add(codes);
    const near = { ...codes, words: codes.words.map((word, i) => word ^ (i % 5 === 1 ? 0b1001 : 0)) };
    expect(index.rangeSearch(near, 3)).toEqual(flat.rangeSearch(near, 3));
    expect(index.stats().scans).toBe(0);
    expect(index.rangeSearch(near, 3).ids.length).toBeGreaterThanOrEqual(500);
  });

  it('says that it fell back', () => {
    const index = new MultiIndexHashing({ bits: 64, m: 2 });
    index.add(randomCodes(200, 64, 4));
    index.search(randomCodes(3, 64, 5), 10);
    expect(index.stats()).toMatchObject({ scans: 3, m: 2 });
    expect(index.stats().distances).toBeGreaterThanOrEqual(600);
  });

  it('falls back before its look-ups cost more than the scan', () => {
    const n = 20_000;
    const index = new MultiIndexHashing({ bits: 64 });
    index.add(randomCodes(n, 64, 4));
    index.search(randomCodes(10, 64, 5), 10);
    const { scans, buckets, distances } = index.stats();
    expect(scans).toBe(10);
    expect(buckets).toBeGreaterThan(0);
    expect(buckets).toBeLessThanOrEqual((10 * n) / 200);
    expect(distances).toBeLessThan(1.2 * 10 * n);
  });

  it('chooses m by the number of codes', () => {
    const index = new MultiIndexHashing({ bits: 64 });
    const query = randomCodes(1, 64, 0);
    index.add(randomCodes(16, 64, 1));
    index.search(query, 1);
    expect(index.stats().m).toBe(16);
    index.add(randomCodes(4080, 64, 2));
    index.search(query, 1);
    expect(index.stats().m).toBe(5);
  });

  it.each([0, 65, 1.5])('refuses m = %p of 64 bits', (m) => {
    expect(() => new MultiIndexHashing({ bits: 64, m })).toThrow(HashOptionError);
  });
});
