import { expect } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import { FlatIndex } from '../src/search/flat-index.js';
import { MultiIndexHashing } from '../src/search/multi-index-hashing.js';
import { clusteredCodes, randomCodes } from './codes.js';

const sizes = [8, 12, 17, 24, 32, 45, 64, 100, 128];

/** Searches the same codes by multi-index hashing and flat; throws where they differ. Says how many queries it asked and how many fell back. */
export function compareWithFlat(atLeast: number, seed: number): { queries: number; scans: number } {
  const rng = createRng(seed);
  const below = (limit: number) => Math.floor(rng.uniform() * limit);
  const asked = { queries: 0, scans: 0 };
  while (asked.queries < atLeast) {
    const bits = sizes[below(sizes.length)]!;
    const m = 1 + below(8);
    const make = below(2) === 0 ? randomCodes : clusteredCodes;
    const codes = make(50 + below(2000), bits, below(2 ** 30));
    const queries = make(100, bits, below(2 ** 30));
    // Half of the queries lie near some code.
    for (let w = 0; w < queries.words.length / 2; w++)
      queries.words[w] = codes.words[w % codes.words.length]! ^ (below(3) === 0 ? 1 : 0);
    const flat = new FlatIndex({ bits });
    const index = new MultiIndexHashing({ bits, m, fallback: bits / m > 9 || below(2) === 0 });
    for (const each of [flat, index]) each.add(codes);
    for (const k of [1, 10, 1 + below(codes.n + 20)]) {
      const [got, expected] = [index.search(queries, k), flat.search(queries, k)];
      if (!same(got.ids, expected.ids) || !same(got.distances, expected.distances)) {
        expect({ bits, m, k, n: codes.n, ...got }).toEqual({ bits, m, k, n: codes.n, ...expected });
      }
      count(index);
    }
    const radius = below(Math.ceil(bits / 3));
    const [got, expected] = [index.rangeSearch(queries, radius), flat.rangeSearch(queries, radius)];
    if (!same(got.ids, expected.ids) || !same(got.offsets, expected.offsets)) {
      expect({ bits, m, radius, n: codes.n, ...got }).toEqual({ bits, m, radius, n: codes.n, ...expected });
    }
    count(index);
  }
  return asked;

  function count(index: MultiIndexHashing): void {
    asked.queries += 100;
    asked.scans += index.stats().scans;
  }
}

const same = (a: ArrayBufferView, b: ArrayBufferView) => Buffer.compare(bytesOf(a), bytesOf(b)) === 0;

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => Buffer.from(buffer, byteOffset, byteLength);
