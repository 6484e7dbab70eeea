import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import { clusteredCodes, randomCodes } from '../../test/codes.js';
import { CodeShapeError, HashOptionError } from '../errors.js';
import { DuplicateIdError } from '../search/errors.js';
import { FlatIndex } from '../search/flat-index.js';
import { ParallelFlatIndex, type ParallelFlatIndexOptions } from './parallel-flat-index.js';
import { ScanWorkerError } from './scan-workers.js';

const packageFolder = join(__dirname, '..', '..');
const opened: ParallelFlatIndex[] = [];
const open = (options: ParallelFlatIndexOptions) => {
  const index = new ParallelFlatIndex(options);
  opened.push(index);
  return index;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((index) => index.close()));
});

type Arrays = Readonly<Partial<Record<string, Float64Array | Int32Array | Uint32Array>>>;

/** As `toEqual`, but fast where they are equal. */
function expectSame(got: object, expected: object): void {
  const bytes = (result: object) => Object.values(result as Arrays).map((values) => Buffer.from(values!.buffer));
  const [a, b] = [bytes(got), bytes(expected)];
  if (a.length !== b.length || a.some((buffer, i) => !buffer.equals(b[i]!))) expect(got).toEqual(expected);
}

describe('ParallelFlatIndex', () => {
  it('runs the code of scan-task.ts', () => {
    const check = () =>
      execFileSync(process.execPath, ['scripts/make-scan-worker.mjs', '--check'], {
        cwd: packageFolder,
        stdio: 'pipe',
      });
    expect(check).not.toThrow();
  });

  // Several portions of 65,536 codes and several groups of 32 queries, many ties, ids out of order, removed codes.
  it.each([
    { bits: 64, kernel: 'wasm', workers: 3 },
    { bits: 17, kernel: 'wasm', workers: 2 },
    { bits: 130, kernel: 'wasm', workers: 2 },
    { bits: 64, kernel: 'js', workers: 2 },
    { bits: 64, kernel: 'wasm', workers: 0 },
  ] as const)(
    'finds what the flat index finds: $bits bits, $kernel, $workers workers',
    async ({ bits, kernel, workers }) => {
      const n = 140_000;
      const rng = createRng(bits + workers);
      const codes = clusteredCodes(n, bits, 1, 20);
      const queries = clusteredCodes(40, bits, 2, 20);
      const weights = Float64Array.from({ length: bits }, () => rng.uniform());
      for (const ids of [undefined, Float64Array.from(rng.permutation(n))]) {
        const [flat, index] = [new FlatIndex({ bits }), open({ bits, kernel, workers })];
        for (const each of [flat, index]) {
          each.add(codes, ids);
          each.remove(Array.from({ length: n / 3 }, (_, i) => 3 * i));
        }
        expectSame(await index.search(queries, 1), flat.search(queries, 1));
        expectSame(await index.search(queries, 300), flat.search(queries, 300));
        const one = { n: 1, bits, words: queries.words.subarray(0, Math.ceil(bits / 32)) };
        expectSame(await index.search(one, n), flat.search(one, n));
        expectSame(await index.rangeSearch(queries, 3), flat.rangeSearch(queries, 3));
        const odd = (id: number) => id % 2 === 1;
        const bitmap = Uint32Array.from({ length: Math.ceil(n / 32) }, () => 0xaaaaaaaa);
        for (const filter of [odd, bitmap]) {
          expectSame(await index.search(queries, 10, { filter }), flat.search(queries, 10, { filter }));
        }
        const rerank = { weights };
        expectSame(await index.search(one, 10, { rerank }), flat.search(one, 10, { rerank }));
        expect(index.stats()).toMatchObject({
          items: flat.stats().items,
          workers,
          scans: 1,
          distances: n,
          kernel,
        });
      }
    },
  );

  it('finds nothing in an empty index, and nothing for no queries', async () => {
    const index = open({ bits: 64, workers: 2 });
    const { ids, distances } = await index.search(randomCodes(2, 64, 1), 2);
    expect([...ids, ...distances]).toEqual(Array(8).fill(-1));
    expect((await index.rangeSearch(randomCodes(2, 64, 1), 9)).offsets).toEqual(Uint32Array.of(0, 0, 0));
    expect((await index.search({ n: 0, bits: 64, words: new Uint32Array(0) }, 3)).ids).toHaveLength(0);
  });

  it.each(['wasm', 'js'] as const)('grows between searches and while they run: %s', async (kernel) => {
    const [flat, index] = [new FlatIndex({ bits: 64 }), open({ bits: 64, kernel, workers: 2 })];
    const queries = randomCodes(5, 64, 3);
    for (let round = 0; round < 4; round++) {
      const expected = flat.search(queries, 20);
      const before = index.search(queries, 20);
      const more = randomCodes(90_000, 64, round);
      for (const each of [flat, index]) each.add(more);
      const after = index.search(queries, 20);
      expect(await before).toEqual(expected);
      expect(await after).toEqual(flat.search(queries, 20));
    }
  });

  it('runs searches at the same time, and moves no codes meanwhile', async () => {
    const codes = randomCodes(100_000, 64, 1);
    const [flat, index] = [new FlatIndex({ bits: 64 }), open({ bits: 64, workers: 2 })];
    for (const each of [flat, index]) {
      each.add(codes);
      each.remove([5, 6, 7]);
    }
    const queries = [1, 2, 3].map((seed) => randomCodes(seed, 64, seed));
    const searches = Promise.all(queries.map((query) => index.search(query, 7)));
    expect(() => index.compact()).toThrow(/no search to run, got 3; .*await the searches/);
    expect(await searches).toEqual(queries.map((query) => flat.search(query, 7)));
    index.compact();
    expect(index.stats().tombstones).toBe(0);
    expect(await index.search(queries[2]!, 7)).toEqual(flat.search(queries[2]!, 7));
  });

  it('rejects what is wrong, and goes on', async () => {
    const index = open({ bits: 64, workers: 1 });
    index.add(randomCodes(10, 64, 1));
    await expect(index.search(randomCodes(1, 32, 1), 3)).rejects.toThrow(CodeShapeError);
    await expect(index.search(randomCodes(1, 64, 1), 0)).rejects.toThrow(HashOptionError);
    await expect(index.rangeSearch(randomCodes(1, 64, 1), -1)).rejects.toThrow(HashOptionError);
    expect(() => index.add(randomCodes(1, 64, 1), [3])).toThrow(DuplicateIdError);
    const filter = () => {
      throw new Error('my filter');
    };
    await expect(index.search(randomCodes(1, 64, 1), 3, { filter })).rejects.toThrow('my filter');
    expect((await index.search(randomCodes(1, 64, 1), 3)).ids[0]).toBe(0);
    for (const workers of [-1, 1.5, 65]) {
      expect(() => new ParallelFlatIndex({ bits: 64, workers })).toThrow(/workers: expected an integer in 0 … 64/);
    }
  });

  it('says so when it is closed while it searches, and starts anew', async () => {
    const index = open({ bits: 64, workers: 2 });
    index.add(randomCodes(200_000, 64, 1));
    const search = index.search(randomCodes(64, 64, 2), 10);
    const rejected = expect(search).rejects.toThrow(ScanWorkerError);
    await index.close();
    await rejected;
    expect((await index.search(randomCodes(1, 64, 1), 1)).distances[0]).toBe(0);
  });

  it('keeps no process alive, and lets none end before its answer', () => {
    const program = `
      import { ParallelFlatIndex } from './src/index.js';
      const index = new ParallelFlatIndex({ bits: 64, workers: 2 });
      index.add({ n: 100_000, bits: 64, words: new Uint32Array(200_000) });
      index.search({ n: 1, bits: 64, words: new Uint32Array(2) }, 3).then(({ ids }) => console.log(ids.join()));
    `;
    const flags = ['--conditions=@tensor-papers/source', '--import', 'tsx', '--input-type=module', '-e', program];
    const { stdout, stderr } = spawnSync(process.execPath, flags, {
      cwd: packageFolder,
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect({ stdout, stderr }).toEqual({ stdout: '0,1,2\n', stderr: '' });
  });
});
