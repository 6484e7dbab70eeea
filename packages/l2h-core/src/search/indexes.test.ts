import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bitsOf, codesOf, hitsOf, line, randomCodes, sortedHits } from '../../test/codes.js';
import { CodeShapeError, HashOptionError } from '../errors.js';
import type { CodeIndex } from './code-index.js';
import { DuplicateIdError } from './errors.js';
import { FlatIndex } from './flat-index.js';
import { HashTableIndex } from './hash-table-index.js';
import { MultiIndexHashing } from './multi-index-hashing.js';
import type { IdFilter } from './stored-index.js';

// A table with a radius of all its bits finds all that there is.
const kinds: [string, (bits: number) => CodeIndex][] = [
  ['flat, WebAssembly', (bits) => new FlatIndex({ bits })],
  ['flat, JavaScript', (bits) => new FlatIndex({ bits, kernel: 'js' })],
  ['hash tables', (bits) => new HashTableIndex({ bits, bitsPerTable: 3, tables: 2, radius: 3 })],
  ['multi-index hashing', (bits) => new MultiIndexHashing({ bits, m: 3, fallback: false })],
  ['multi-index hashing that may fall back', (bits) => new MultiIndexHashing({ bits })],
];

const bits = 9;
const text = fc.integer({ min: 0, max: 2 ** bits - 1 }).map((value) => value.toString(2).padStart(bits, '0'));
const id = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -3, max: 40 }) },
  { weight: 1, arbitrary: fc.maxSafeInteger() },
);
const action = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), texts: fc.array(text, { maxLength: 12 }) }),
  fc.record({
    kind: fc.constant('add with ids' as const),
    items: fc.uniqueArray(fc.tuple(id, text), { maxLength: 6, selector: ([id]) => id }),
  }),
  fc.record({ kind: fc.constant('remove' as const), ids: fc.array(id, { maxLength: 8 }) }),
  fc.record({ kind: fc.constant('compact' as const) }),
  fc.record({
    kind: fc.constant('search' as const),
    query: text,
    k: fc.integer({ min: 1, max: 30 }),
    odd: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('rangeSearch' as const), query: text, radius: fc.integer({ min: 0, max: bits + 1 }) }),
);

describe.each(kinds)('%s', (_, create) => {
  it('behaves like an array under any sequence of calls', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 25 }), (actions) => {
        const index = create(bits);
        let items: { id: number; bits: string }[] = [];
        let next = 0;
        for (const call of actions) {
          if (call.kind === 'add') {
            if (call.texts.length === 0) continue;
            if (!Number.isSafeInteger(next + call.texts.length)) {
              expect(() => index.add(codesOf(call.texts))).toThrow(HashOptionError);
              continue;
            }
            index.add(codesOf(call.texts));
            items.push(...call.texts.map((bits, i) => ({ id: next + i, bits })));
            next += call.texts.length;
          } else if (call.kind === 'add with ids') {
            if (call.items.length === 0) continue;
            const [codes, ids] = [codesOf(call.items.map(([, text]) => text)), call.items.map(([id]) => id)];
            if (ids.some((id) => items.some((item) => item.id === id))) {
              expect(() => index.add(codes, ids)).toThrow(DuplicateIdError);
              continue;
            }
            index.add(codes, ids);
            items.push(...call.items.map(([id, bits]) => ({ id, bits })));
            next = Math.max(next, ...ids.map((id) => id + 1));
          } else if (call.kind === 'remove') {
            const left = items.filter(({ id }) => !call.ids.includes(id));
            expect(index.remove(call.ids)).toBe(items.length - left.length);
            items = left;
          } else if (call.kind === 'compact') {
            index.compact();
            expect(index.stats().tombstones).toBe(0);
          } else if (call.kind === 'search') {
            const { query, k, odd } = call;
            const result = index.search(codesOf([query]), k, odd ? { filter: (id) => id % 2 !== 0 } : {});
            const expected = sortedHits(
              items.filter(({ id }) => !odd || id % 2 !== 0),
              query,
            ).slice(0, k);
            expect(line(hitsOf(result, k))).toBe(line(expected, k));
          } else {
            const { ids, distances, offsets } = index.rangeSearch(codesOf([call.query]), call.radius);
            const expected = sortedHits(items, call.query).filter(({ distance }) => distance <= call.radius);
            expect(line(hitsOf({ ids, distances }, offsets[1]!))).toBe(line(expected));
          }
          expect(index.stats().items).toBe(items.length);
        }
        const { codes, ids } = index.contents();
        expect(Array.from(ids, (id, i) => ({ id, bits: bitsOf(codes, i) }))).toEqual(items);
      }),
      { numRuns: 60 },
    );
  });

  it('an empty index finds nothing', () => {
    const { ids, distances } = create(bits).search(randomCodes(2, bits, 1), 2);
    expect([...ids, ...distances]).toEqual(new Array(8).fill(-1));
    expect(create(bits).rangeSearch(randomCodes(2, bits, 1), bits).ids.length).toBe(0);
    expect(create(bits).search(randomCodes(0, bits, 1), 2).ids.length).toBe(0);
  });

  it('a bitmap filters as a function does', () => {
    const index = create(bits);
    index.add(
      randomCodes(100, bits, 1),
      Array.from({ length: 100 }, (_, i) => 5 * i - 50),
    );
    const bitmap = Uint32Array.of(0xffff0000, 0, 0x80000001, 0xffffffff);
    const asked = (id: number) => id >= 0 && id < 128 && ((bitmap[id >> 5]! >>> (id & 31)) & 1) === 1;
    const queries = randomCodes(3, bits, 2);
    const found = (filter: IdFilter) => line(hitsOf(index.search(queries, 20, { filter }), 60));
    expect(found(bitmap)).toBe(found(asked));
    expect(found(bitmap)).toContain('95:');
    expect(index.rangeSearch(queries, 4, { filter: bitmap })).toEqual(index.rangeSearch(queries, 4, { filter: asked }));
    expect(() => index.search(queries, 1, { filter: 3 as never })).toThrow(HashOptionError);
  });

  it('a filter that throws or searches leaves the index as it was', () => {
    const index = create(bits);
    index.add(randomCodes(100, bits, 1));
    const query = randomCodes(1, bits, 2);
    const before = index.search(query, 5);
    const broken = () => {
      throw new Error('broken filter');
    };
    expect(() => index.search(query, 5, { filter: broken })).toThrow('broken filter');
    expect(() => index.search(query, 5, { filter: () => index.search(query, 5).ids[0] === 0 })).toThrow(
      'cannot search',
    );
    expect(() => index.search(query, 5, { filter: () => index.remove([1]) === 0 })).toThrow('cannot search or change');
    expect(index.search(query, 5)).toEqual(before);
  });

  it('refuses bad input and stays as it was', () => {
    const index = create(bits);
    index.add(randomCodes(5, bits, 1), [4, 8, 15, 16, 23]);
    const two = randomCodes(2, bits, 2);
    const before = [index.search(two, 6), index.contents()];
    expect(() => index.add(randomCodes(1, bits + 1, 1))).toThrow(CodeShapeError);
    expect(() => index.add({ n: 1, bits, words: Uint32Array.of(1 << bits) })).toThrow(`beyond its ${bits}`);
    expect(() => index.add({ n: 2, bits, words: new Uint32Array(1) })).toThrow(CodeShapeError);
    expect(() => index.add(two, [42])).toThrow('expected 2 ids, one a code, got 1');
    for (const bad of [1.5, Number.NaN, 2 ** 53, '7', undefined]) {
      expect(() => index.add(two, [42, bad as number])).toThrow('safe integers');
    }
    expect(() => index.add(two, [42, 16])).toThrow(DuplicateIdError);
    expect(() => index.add(two, [23, 42])).toThrow(DuplicateIdError);
    expect(() => index.add(two, [42, 42])).toThrow('given twice');
    expect(() => index.search(randomCodes(1, bits - 1, 1), 1)).toThrow(`codes of ${bits} bits, got ${bits - 1}`);
    expect(() => index.search({ n: 1, bits, words: Uint32Array.of(1 << bits) }, 1)).toThrow(CodeShapeError);
    for (const k of [0, -1, 1.5, Number.NaN]) expect(() => index.search(two, k)).toThrow(HashOptionError);
    for (const radius of [-1, 0.5, Number.NaN]) expect(() => index.rangeSearch(two, radius)).toThrow(HashOptionError);
    expect(index.remove([5, 1.5, Number.NaN])).toBe(0);
    expect([index.search(two, 6), index.contents()]).toEqual(before);
  });
});

it.each([0, 4097, 1.5, Number.NaN])('refuses codes of %p bits', (bits) => {
  expect(() => new FlatIndex({ bits })).toThrow(HashOptionError);
});

it('refuses another kernel', () => {
  expect(() => new FlatIndex({ bits: 8, kernel: 'gpu' as never })).toThrow(`expected 'wasm' or 'js'`);
});
