import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bitsOf, clusteredCodes, hitsOf, line, randomCodes, sortedHits, textDistance } from '../../test/codes.js';
import { type Codes, takeCodes } from '../codes/codes.js';
import { CodeShapeError, HashOptionError, NotFittedError, TrainingDataError } from '../errors.js';
import { decodeCodeFile, encodeCodeFile } from '../files/code-file.js';
import { DuplicateIdError } from '../search/errors.js';
import { FlatIndex } from '../search/flat-index.js';
import { IvfBinaryIndex, type IvfBinaryIndexOptions } from './ivf-binary-index.js';

async function fitted(codes: Codes, lists: number, options: Partial<IvfBinaryIndexOptions> = {}) {
  const index = new IvfBinaryIndex({ bits: codes.bits, lists, ...options });
  await index.fit(codes, { seed: 3 });
  return index;
}

const part = (codes: Codes, from: number, to: number) =>
  takeCodes(
    codes,
    Array.from({ length: to - from }, (_, i) => from + i),
  );

/** Whether results are equal to the bit; much faster than `toEqual`, which is left to say where they differ. */
function expectSame(got: object, expected: object) {
  const bytes = (result: object) =>
    Object.values(result).map(({ buffer, byteOffset, byteLength }: Uint8Array) =>
      Buffer.from(buffer, byteOffset, byteLength),
    );
  if (!Buffer.concat(bytes(got)).equals(Buffer.concat(bytes(expected)))) expect(got).toEqual(expected);
  expect(Object.keys(got)).toEqual(Object.keys(expected));
}

/** The numbers of the lists, nearest first, bit by bit. */
const listsBy = (centroids: Codes, text: string) =>
  Array.from({ length: centroids.n }, (_, l) => ({ l, distance: textDistance(bitsOf(centroids, l), text) }))
    .sort((a, b) => a.distance - b.distance || a.l - b.l)
    .map(({ l }) => l);

const scenario = fc.record({
  bits: fc.constantFrom(3, 16, 32, 33, 64, 100, 192),
  n: fc.integer({ min: 2, max: 300 }),
  lists: fc.integer({ min: 1, max: 20 }),
  seed: fc.nat(1e6),
  clustered: fc.boolean(),
  kernel: fc.constantFrom('wasm' as const, 'js' as const),
  k: fc.integer({ min: 1, max: 320 }),
  /** Where adding is interrupted by `compact()`: what comes before lies in lists, what comes after waits. */
  split: fc.double({ min: 0, max: 1, noNaN: true }),
  /** Ids ascend, or not. */
  ascending: fc.boolean(),
  removeEvery: fc.integer({ min: 2, max: 50 }),
});

/** An index, a flat one, and what they hold, after adding, removing, compacting and adding again. */
async function built({ bits, n, lists, seed, clustered, kernel, split, ascending, removeEvery }: ScenarioOf) {
  const make = clustered ? clusteredCodes : randomCodes;
  const codes = make(n, bits, seed);
  const index = new IvfBinaryIndex({ bits, lists: Math.min(lists, n), kernel });
  try {
    await index.fit(codes, { seed });
  } catch (error) {
    // Few bits: all codes may be equal.
    if (error instanceof TrainingDataError) return undefined;
    throw error;
  }
  const flat = new FlatIndex({ bits });
  const ids = Array.from({ length: n }, (_, i) => (ascending ? 3 * i - 20 : 1000 - 3 * i));
  const cut = Math.floor(split * n);
  const removed = ids.filter((_, i) => i % removeEvery === 1);
  for (const each of [index, flat]) {
    each.add(part(codes, 0, cut), ids.slice(0, cut));
    each.remove(removed.filter((_, i) => i % 3 === 0));
    each.compact();
    each.add(part(codes, cut, n), ids.slice(cut));
    each.remove(removed);
  }
  const gone = new Set(removed);
  const items = ids.map((id, i) => ({ id, bits: bitsOf(codes, i) })).filter(({ id }) => !gone.has(id));
  return { index, flat, items, queries: make(40, bits, seed + 1) };
}
type ScenarioOf = Omit<typeof scenario extends fc.Arbitrary<infer T> ? T : never, 'k'>;

describe('IvfBinaryIndex', () => {
  it('with all lists finds what FlatIndex finds (property)', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ k, ...options }) => {
        const made = await built(options);
        if (made === undefined) return;
        const { index, flat, queries } = made;
        const probes = index.lists;
        const filter = (id: number) => id % 2 === 0;
        const radius = k % options.bits;
        const two = part(queries, 0, 2);
        const rerank = { weights: Float64Array.from({ length: 2 * options.bits }, (_, i) => (i * 7) % 5) };
        expectSame(index.search(queries, k, { probes }), flat.search(queries, k));
        expectSame(index.search(queries, k, { probes, filter }), flat.search(queries, k, { filter }));
        expectSame(index.search(two, 5, { probes, rerank }), flat.search(two, 5, { rerank }));
        expectSame(index.rangeSearch(queries, radius, { probes }), flat.rangeSearch(queries, radius));
        expectSame(
          index.rangeSearch(queries, radius, { probes, filter }),
          flat.rangeSearch(queries, radius, { filter }),
        );
        const [held, wanted] = [index.contents(), flat.contents()];
        expectSame({ words: held.codes.words, ids: held.ids }, { words: wanted.codes.words, ids: wanted.ids });
      }),
      { numRuns: 50 },
    );
  });

  it('with some lists finds exactly what lies in them (property)', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.integer({ min: 1, max: 20 }), async ({ k, ...options }, some) => {
        const made = await built(options);
        if (made === undefined) return;
        const { index, items, queries } = made;
        const probes = Math.min(some, index.lists);
        const { centroids } = index;
        const listed = items.map((item) => ({ ...item, list: listsBy(centroids, item.bits)[0]! }));
        const found = index.search(queries, k, { probes });
        const radius = Math.floor(options.bits / 3);
        const stats = index.stats();
        const within = index.rangeSearch(queries, radius, { probes });
        for (const q of [0, 33]) {
          const query = bitsOf(queries, q);
          const lists = new Set(listsBy(centroids, query).slice(0, probes));
          const sorted = sortedHits(
            listed.filter(({ list }) => lists.has(list)),
            query,
          );
          expect(line(hitsOf(found, k, q))).toBe(line(sorted.slice(0, k), k));
          const [from, to] = [within.offsets[q]!, within.offsets[q + 1]!];
          const hits = { ids: within.ids.subarray(from), distances: within.distances.subarray(from) };
          expect(line(hitsOf(hits, to - from))).toBe(line(sorted.filter(({ distance }) => distance <= radius)));
        }
        expect(stats).toMatchObject({ items: items.length, buckets: 40 * probes, scans: 0 });
      }),
      { numRuns: 40 },
    );
  });

  it('puts what waits into lists when it is much, with the same results', async () => {
    const codes = clusteredCodes(4000, 64, 1, 30);
    const queries = clusteredCodes(20, 64, 2, 30);
    const index = await fitted(codes, 30);
    const flat = new FlatIndex({ bits: 64 });
    const distances: number[] = [];
    for (const [from, to] of [
      [0, 1000],
      [1000, 3000],
      [3000, 3900],
      [3900, 4000],
    ] as const) {
      for (const each of [index, flat]) each.add(part(codes, from, to));
      expect(index.search(queries, 50, { probes: 30 })).toEqual(flat.search(queries, 50));
      index.search(queries, 50, { probes: 1 });
      distances.push(index.stats().distances - 20 * 30);
    }
    // All 1,000 wait; none of 3,000 does; 900 do, then 1,000.
    expect(distances[0]).toBe(20 * 1000);
    expect(distances[1]).toBeLessThan(20 * 1000);
    expect(distances[2]! - distances[1]!).toBe(20 * 900);
    expect(distances[3]! - distances[1]!).toBe(20 * 1000);
    index.compact();
    index.search(queries, 50, { probes: 1 });
    expect(index.stats().distances / 20 - 30).toBeLessThan(1000);
  });

  it('recalls more with more lists', async () => {
    const codes = clusteredCodes(3000, 64, 9, 200);
    const queries = clusteredCodes(50, 64, 10, 200);
    const index = await fitted(codes, 40);
    index.add(codes);
    const { distances: truth } = index.search(queries, 10, { probes: 40 });
    const recall = [1, 2, 4, 8, 16, 40].map((probes) => {
      const { distances } = index.search(queries, 10, { probes });
      return distances.filter((distance, i) => distance >= 0 && distance <= truth[10 * Math.floor(i / 10) + 9]!).length;
    });
    expect(recall).toEqual(recall.toSorted((a, b) => a - b));
    expect(recall[0]!).toBeLessThan(0.9 * recall[5]!);
    expect(index.search(queries, 10)).toEqual(index.search(queries, 10, { probes: 8 }));
  });

  it('comes back from JSON and a file of codes', async () => {
    const codes = clusteredCodes(200, 40, 4);
    const index = await fitted(codes, 7);
    index.add(codes);
    index.remove([3, 50]);
    const copy = IvfBinaryIndex.fromJson(JSON.parse(JSON.stringify(index)), { kernel: 'js' });
    const loaded = decodeCodeFile(encodeCodeFile(index.contents()));
    if (!('words' in loaded.codes)) throw new Error('expected binary codes');
    copy.add(loaded.codes, loaded.ids);
    expect(copy.stats()).toMatchObject({ kernel: 'js', imbalance: index.stats().imbalance });
    expect(copy.search(codes, 9, { probes: 2 })).toEqual(index.search(codes, 9, { probes: 2 }));
    expect([copy.toJSON(), copy.contents()]).toEqual([index.toJSON(), index.contents()]);
    const json = index.toJSON();
    const model = json.model as object;
    const wrong = [
      { ...json, kind: 'pq' },
      { ...json, version: 2 },
      { ...json, model: { ...model, lists: 6 } },
    ];
    for (const each of [...wrong, { ...json, model: { ...model, bits: 35 } }, { ...json, model: {} }]) {
      expect(() => IvfBinaryIndex.fromJson(each as never)).toThrow(/expected|beyond its 35/);
    }
  });

  it('gives the same for the same seed, and learns from a sample', async () => {
    const codes = clusteredCodes(300, 50, 6);
    const [first, again] = [await fitted(codes, 9), await fitted(codes, 9, { kernel: 'js' })];
    expect(again.toJSON()).toEqual(first.toJSON());
    const sampled = new IvfBinaryIndex({ bits: 50, lists: 9, sample: 40 });
    const { rows, objective } = await sampled.fit(codes, { seed: 3 });
    expect(rows).toBe(40);
    expect(objective.at(-1)!).toBeLessThan(objective[0]!);
    expect(sampled.toJSON()).not.toEqual(first.toJSON());
  });

  it('says how it gets on, and stops when told', async () => {
    const codes = randomCodes(500, 64, 6);
    const index = await fitted(codes, 9);
    const before = index.toJSON();
    const heard: number[] = [];
    const { objective } = await new IvfBinaryIndex({ bits: 64, lists: 9 }).fit(codes, {
      progress: (fraction, value) => {
        expect(value).toBeGreaterThan(0);
        heard.push(fraction);
      },
    });
    expect(heard.length).toBe(objective.length);
    expect(heard).toEqual(heard.toSorted((a, b) => a - b));
    expect(heard.at(-1)).toBe(1);
    const controller = new AbortController();
    const progress = () => controller.abort(new Error('enough'));
    const stopped = expect(index.fit(codes, { seed: 9, signal: controller.signal, progress })).rejects.toThrow(
      'enough',
    );
    expect(() => index.add(codes)).toThrow(/a fit is under way/);
    await stopped;
    expect(index.toJSON()).toEqual(before);
    index.add(codes);
    await expect(index.fit(codes)).rejects.toThrow(/500 codes lie in the lists/);
  });

  it('refuses what it cannot do', async () => {
    const codes = randomCodes(30, 20, 1);
    const index = new IvfBinaryIndex({ bits: 20, lists: 6 });
    for (const call of [() => index.add(codes), () => index.search(codes, 1), () => index.rangeSearch(codes, 1)]) {
      expect(call).toThrow(NotFittedError);
    }
    expect(() => index.toJSON()).toThrow(/fit it first/);
    index.compact();
    expect([index.remove([1]), index.stats().items, index.stats().imbalance]).toEqual([0, 0, 1]);
    await expect(index.fit(part(codes, 0, 5))).rejects.toThrow(/at least 6 codes, got 5/);
    await expect(index.fit({ n: 9, bits: 20, words: new Uint32Array(9).fill(7) })).rejects.toThrow(TrainingDataError);
    await expect(index.fit(randomCodes(30, 21, 1))).rejects.toThrow(CodeShapeError);
    await expect(index.fit(codes, { seed: 0.5 })).rejects.toThrow(/seed: expected a safe integer/);
    const two = { n: 9, bits: 20, words: Uint32Array.from({ length: 9 }, (_, i) => i % 2) };
    expect((await index.fit(two)).warnings.join()).toContain('4 of 6 lists are empty');
    await index.fit(codes);
    index.add(codes);
    const before = [index.search(codes, 4), index.contents()];
    for (const probes of [0, 7, 1.5, Number.NaN]) {
      expect(() => index.search(codes, 1, { probes })).toThrow(/probes: expected an integer in 1 … 6/);
      expect(() => index.rangeSearch(codes, 1, { probes })).toThrow(HashOptionError);
    }
    expect(() => index.search(codes, 0)).toThrow(/k of 1, 2, 3/);
    expect(() => index.search(randomCodes(2, 21, 1), 1)).toThrow(/codes of 20 bits, got 21/);
    expect(() => index.add(randomCodes(2, 21, 1))).toThrow(CodeShapeError);
    expect(() => index.add(part(codes, 0, 2), [50, 3])).toThrow(DuplicateIdError);
    const changes = () => index.add(codes, [99]) === undefined;
    expect(() => index.search(codes, 1, { filter: changes })).toThrow(/cannot search or change/);
    expect([index.search(codes, 4), index.contents()]).toEqual(before);
    for (const wrong of [{ lists: 0 }, { lists: 65_537 }, { lists: 4, sample: 3 }, { lists: 4, iterations: 0 }]) {
      expect(() => new IvfBinaryIndex({ bits: 20, ...wrong })).toThrow(HashOptionError);
    }
    const single = await fitted({ n: 3, bits: 20, words: new Uint32Array(3).fill(7) }, 1);
    expect(single.centroids.words).toEqual(Uint32Array.of(7));
  });
});
