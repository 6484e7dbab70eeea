import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import { bitsOf, clusteredCodes, codesOf, hitsOf, line, randomCodes, sortedHits } from '../../test/codes.js';
import type { Codes } from '../codes/codes.js';
import { hammingAll, wordsAt } from '../codes/hamming.js';
import { CodeMemory } from './code-memory.js';
import { IndexFullError } from './errors.js';
import { FlatIndex } from './flat-index.js';
import { topK } from './top-k.js';

const itemsOf = (codes: Codes) => Array.from({ length: codes.n }, (_, id) => ({ id, bits: bitsOf(codes, id) }));

const same = (a: Float64Array | Int32Array, b: Float64Array | Int32Array) =>
  Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0;

describe('the scan', () => {
  it('is assembled out of scripts/scan.wat', () => {
    const check = () =>
      execFileSync(process.execPath, ['scripts/make-scan-kernel.mjs', '--check'], {
        cwd: join(__dirname, '..', '..'),
        stdio: 'pipe',
      });
    expect(check).not.toThrow();
  });

  it('takes WebAssembly where there is such, and JavaScript on request', () => {
    expect(new FlatIndex({ bits: 8 }).stats().kernel).toBe('wasm');
    expect(new FlatIndex({ bits: 8, kernel: 'js' }).stats().kernel).toBe('js');
  });

  it.each([8, 9, 31, 33, 63, 64, 65, 100, 128, 130, 192, 256, 300, 385, 512])('%i bits equal a whole sort', (bits) => {
    for (const make of [randomCodes, clusteredCodes]) {
      const [codes, queries] = [make(90, bits, bits), make(34, bits, bits + 1)];
      // One of the queries is in the set.
      queries.words.set(codes.words.subarray(0, Math.ceil(bits / 32)));
      const some = [0, 1, 33];
      const items = itemsOf(codes);
      const sorted = some.map((q) => sortedHits(items, bitsOf(queries, q)));
      for (const kernel of ['wasm', 'js'] as const) {
        const index = new FlatIndex({ bits, kernel });
        index.add(codes);
        for (const k of [1, 10, 89, 90, 95]) {
          const result = index.search(queries, k);
          some.forEach((q, i) => {
            expect(line(hitsOf(result, k, q))).toBe(line(sorted[i]!.slice(0, k), k));
          });
        }
        for (const radius of [0, Math.floor(bits / 3), bits + 5]) {
          const result = index.rangeSearch(queries, radius);
          some.forEach((q, i) => {
            const [from, to] = [result.offsets[q]!, result.offsets[q + 1]!];
            const found = { ids: result.ids.subarray(from), distances: result.distances.subarray(from) };
            expect(line(hitsOf(found, to - from))).toBe(line(sorted[i]!.filter(({ distance }) => distance <= radius)));
          });
        }
      }
    }
  });

  // Beyond one chunk of 65,536 codes, with so many ties that candidates have to be taken out in between.
  it.each([8, 64, 130])('spans chunks: %i bits', (bits) => {
    const n = 70_000;
    const codes = clusteredCodes(n, bits, 5, 3);
    const queries = clusteredCodes(2, bits, 6, 3);
    const expected = [0, 1].map((q) => topK(hammingAll(wordsAt(queries, q), codes), n));
    for (const kernel of ['wasm', 'js'] as const) {
      const index = new FlatIndex({ bits, kernel });
      // Added in parts that end in the middle of things.
      const perCode = Math.ceil(bits / 32);
      for (const [from, to] of [
        [0, 65_535],
        [65_535, 65_536],
        [65_536, n],
      ] as const) {
        index.add({ n: to - from, bits, words: codes.words.subarray(from * perCode, to * perCode) });
      }
      for (const k of [1, 10, 5000, n + 1]) {
        const { ids, distances } = index.search(queries, k);
        const found = Math.min(k, n);
        for (let q = 0; q < queries.n; q++) {
          const part = [q * k, q * k + found] as const;
          expect(same(ids.slice(...part), Float64Array.from(expected[q]!.indices.subarray(0, found)))).toBe(true);
          expect(same(distances.slice(...part), expected[q]!.distances.slice(0, found))).toBe(true);
          if (k > n) expect(ids[q * k + n]).toBe(-1);
        }
      }
    }
  });

  it('passes over removed codes in every chunk, and over the same ones after they moved together', () => {
    const codes = clusteredCodes(70_000, 32, 5, 3);
    const query = clusteredCodes(1, 32, 6, 3);
    const removed = Array.from({ length: 70_000 }, (_, id) => id).filter((id) => id % 3 !== 1);
    const distances = hammingAll(query.words, codes);
    const left = Array.from({ length: 70_000 }, (_, id) => id).filter((id) => id % 3 === 1);
    const expected = topK(
      Uint16Array.from(left, (id) => distances[id]!),
      500,
    );
    for (const kernel of ['wasm', 'js'] as const) {
      const index = new FlatIndex({ bits: 32, kernel });
      index.add(codes);
      expect(index.remove(removed)).toBe(removed.length);
      for (let round = 0; round < 2; round++) {
        const result = index.search(query, 500);
        expect(
          same(
            result.ids,
            Float64Array.from(expected.indices, (i) => left[i]!),
          ),
        ).toBe(true);
        expect(same(result.distances, expected.distances)).toBe(true);
        index.compact();
      }
      index.add(query);
      expect(index.rangeSearch(query, 0).ids.at(-1)).toBe(70_000);
      // Marks of before must not come back with the first new one.
      index.remove([70_000]);
      expect(
        same(
          index.search(query, 500).ids,
          Float64Array.from(expected.indices, (i) => left[i]!),
        ),
      ).toBe(true);
    }
  });

  it('finds what comes nearer and nearer, and what is all the same', () => {
    const falling = codesOf(
      Array.from({ length: 4000 }, (_, i) => '1'.repeat(64 - Math.floor(i / 63)).padEnd(64, '0')),
    );
    const same = codesOf(Array.from({ length: 4000 }, () => '10'.repeat(32)));
    for (const codes of [falling, same]) {
      const query = codesOf(['0'.repeat(64)]);
      const expected = topK(hammingAll(query.words, codes), 70);
      for (const kernel of ['wasm', 'js'] as const) {
        const index = new FlatIndex({ bits: 64, kernel });
        index.add(codes);
        const { ids, distances } = index.search(query, 70);
        expect(Array.from(ids)).toEqual(Array.from(expected.indices));
        expect(distances).toEqual(expected.distances);
      }
    }
  });

  it('orders ties by id, whatever the order in which ids came', () => {
    const codes = clusteredCodes(1500, 16, 8, 2);
    const rng = createRng(4);
    const ids = Array.from({ length: 1500 }, (_, i) => (i - 750) * 2 ** 41 + Math.floor(rng.uniform() * 2 ** 40));
    const shuffled = ids
      .map((id) => ({ id, key: rng.uniform() }))
      .sort((a, b) => a.key - b.key)
      .map(({ id }) => id);
    const items = itemsOf(codes).map(({ bits }, i) => ({ id: shuffled[i]!, bits }));
    const query = clusteredCodes(1, 16, 9, 2);
    for (const kernel of ['wasm', 'js'] as const) {
      const index = new FlatIndex({ bits: 16, kernel });
      index.add(codes, shuffled);
      const expected = sortedHits(items, bitsOf(query, 0));
      for (const k of [1, 10, 1000]) expect(line(hitsOf(index.search(query, k), k))).toBe(line(expected.slice(0, k)));
    }
  });
});

describe('the memory', () => {
  it('grows by little, keeps what it holds and stays below 4 GiB', () => {
    for (const kernel of ['wasm', 'js'] as const) {
      const memory = new CodeMemory(64, { kernel });
      memory.reserve(1000);
      memory.words[memory.codeAt(999) >>> 2] = 77;
      const before = memory.bytes.length;
      memory.reserve(100_000);
      expect(memory.words[memory.codeAt(999) >>> 2]).toBe(77);
      expect(memory.bytes.length - before).toBeLessThan(1.2 * 8 * 100_000);
      expect(() => memory.reserve(2 ** 29)).toThrow(IndexFullError);
      expect(() => memory.reserve(2 ** 29)).toThrow(/536870912 codes of 64 bits need 4\d{3} MiB.*several indexes/);
      expect(memory.words[memory.codeAt(999) >>> 2]).toBe(77);
    }
  });
});
