import { describe, expect, it } from '@jest/globals';
import { createMatrix, type Matrix, type MatrixOperations, plainOperations } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import fc from 'fast-check';
import { clusteredVectors } from '../../test/vectors.js';
import { decodeCodeFile, encodeCodeFile } from '../files/code-file.js';
import { CompositeQuantizer } from '../quantizers/composite-quantizer.js';
import { OptimizedProductQuantizer } from '../quantizers/optimized-product-quantizer.js';
import { PQIndex } from '../quantizers/pq-index.js';
import { ProductQuantizer } from '../quantizers/product-quantizer.js';
import { DuplicateIdError } from '../search/errors.js';
import { InvertedList, imbalance } from './inverted-list.js';
import { IvfPQIndex, type IvfPQIndexOptions } from './ivf-pq-index.js';
import { ListTables } from './list-tables.js';

const d = 8;
const vectors = clusteredVectors(300, d, 2, 7);
const queries = clusteredVectors(6, d, 3, 7);
const row = ({ columns, values }: Matrix, i: number) => Array.from(values.subarray(i * columns, (i + 1) * columns));
const rowsOf = (matrix: Matrix, rows: readonly number[]) =>
  createMatrix(Float32Array.from(rows.flatMap((i) => row(matrix, i))), rows.length);
const squared = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, j) => sum + (value - b[j]!) ** 2, 0);

const quantizers = {
  pq: () => new ProductQuantizer({ parts: 4, centroids: 8 }),
  opq: () => new OptimizedProductQuantizer({ parts: 4, centroids: 8, iterations: 3 }),
};

async function fitted({ lists = 9, ...options }: Partial<IvfPQIndexOptions> = {}, data: Matrix = vectors) {
  const index = new IvfPQIndex({ quantizer: quantizers.pq(), lists, ...options });
  await index.fit(data, { seed: 4 });
  return index;
}

async function filled(options: Partial<IvfPQIndexOptions> = {}, ids?: readonly number[]) {
  const index = await fitted(options);
  await index.add(vectors, ids);
  return index;
}

/** What each vector of an index stands for, its list and its id, the slow way. */
async function reconstructed(index: IvfPQIndex) {
  const { codes, ids } = index.contents();
  return Array.from(ids, (id, i) => {
    const code = codes.bytes.subarray(i * codes.parts, (i + 1) * codes.parts);
    const list = code[0]! + 256 * code[1]!;
    const rest = row(index.quantizer.decode({ n: 1, parts: codes.parts - 2, bytes: code.slice(2) }), 0);
    return { id, list, values: rest.map((value, j) => value + (index.residuals ? row(index.centroids, list)[j]! : 0)) };
  });
}

describe.each(['pq', 'opq'] as const)('IvfPQIndex over %s', (kind) => {
  it('with all lists and without residuals finds what PQIndex finds, to the bit', async () => {
    const ids = Array.from({ length: 300 }, (_, i) => 1000 - 7 * i);
    const index = await filled({ quantizer: quantizers[kind](), residuals: false }, ids);
    const flat = new PQIndex(index.quantizer);
    flat.add(await index.quantizer.encode(vectors), ids);
    const filter = (id: number) => id % 3 === 0;
    for (const k of [1, 10, 320]) {
      expect(await index.search(queries, k, { probes: 9 })).toEqual(await flat.search(queries, k));
      expect(await index.search(queries, k, { probes: 9, filter })).toEqual(await flat.search(queries, k, { filter }));
    }
    const radius = (await flat.search(queries, 40)).distances[39]!;
    expect(await index.rangeSearch(queries, radius, { probes: 9 })).toEqual(await flat.rangeSearch(queries, radius));
    expect(await index.rangeSearch(queries, radius, { probes: 9, filter })).toEqual(
      await flat.rangeSearch(queries, radius, { filter }),
    );
  });

  it.each([true, false])(
    'finds the nearest of what the codes in the probed lists stand for; residuals: %s',
    async (residuals) => {
      const index = await filled({ quantizer: quantizers[kind](), residuals });
      const all = await reconstructed(index);
      for (const probes of [1, 2, 5, 9]) {
        const { ids, distances } = await index.search(queries, 320, { probes });
        for (let q = 0; q < queries.rows; q++) {
          const query = row(queries, q);
          const lists = Array.from({ length: 9 }, (_, l) => ({ l, distance: squared(query, row(index.centroids, l)) }))
            .sort((a, b) => a.distance - b.distance)
            .slice(0, probes)
            .map(({ l }) => l);
          const wanted = all
            .filter(({ list }) => lists.includes(list))
            .map(({ id, values }) => ({ id, distance: squared(query, values) }))
            .sort((a, b) => a.distance - b.distance);
          const found = Array.from(ids.subarray(q * 320, q * 320 + wanted.length));
          expect(found.toSorted((a, b) => a - b)).toEqual(wanted.map(({ id }) => id).toSorted((a, b) => a - b));
          wanted.forEach(({ distance }, i) => {
            expect(Math.abs(distances[q * 320 + i]! - distance)).toBeLessThan(1e-5 * (1 + distance));
          });
          expect(Array.from(ids.subarray(q * 320 + wanted.length, (q + 1) * 320)).every((id) => id === -1)).toBe(true);
        }
      }
    },
  );

  it('comes back from JSON and a file of codes', async () => {
    const index = await filled({ quantizer: quantizers[kind]() });
    index.remove([0, 7, 299]);
    const copy = IvfPQIndex.fromJson(JSON.parse(JSON.stringify(index)));
    const { codes, ids } = decodeCodeFile(encodeCodeFile(index.contents()));
    if (!('bytes' in codes)) throw new Error('expected quantised codes');
    copy.addCodes(codes, ids);
    expect(copy.contents()).toEqual(index.contents());
    expect(await copy.search(queries, 20, { probes: 3 })).toEqual(await index.search(queries, 20, { probes: 3 }));
    expect(await copy.encode(queries)).toEqual(await index.encode(queries));
    expect(copy.toJSON()).toEqual(index.toJSON());
  });
});

describe('IvfPQIndex', () => {
  it('gives the same for the same seed', async () => {
    const [first, again] = [await fitted(), await fitted()];
    expect(again.toJSON()).toEqual(first.toJSON());
    const other = new IvfPQIndex({ quantizer: quantizers.pq(), lists: 9 });
    await other.fit(vectors, { seed: 5 });
    expect(other.centroids).not.toEqual(first.centroids);
  });

  it('recalls more of the true neighbours with more lists, and residuals code better', async () => {
    const data = clusteredVectors(2000, d, 5, 40);
    const asked = clusteredVectors(60, d, 6, 40);
    const truth = Array.from({ length: asked.rows }, (_, q) => {
      const all = Array.from({ length: data.rows }, (_, i) => ({ i, distance: squared(row(asked, q), row(data, i)) }));
      return new Set(
        all
          .sort((a, b) => a.distance - b.distance)
          .slice(0, 10)
          .map(({ i }) => i),
      );
    });
    const recall = async (index: IvfPQIndex, probes: number) => {
      const { ids } = await index.search(asked, 10, { probes });
      return truth.reduce(
        (sum, near, q) => sum + ids.subarray(10 * q, 10 * q + 10).filter((id) => near.has(id)).length,
        0,
      );
    };
    const whole: number[] = [];
    for (const residuals of [true, false]) {
      const quantizer = new ProductQuantizer({ parts: 4, centroids: 16, iterations: 5 });
      const index = new IvfPQIndex({ quantizer, lists: 24, residuals, iterations: 5 });
      const { objective } = await index.fit(data, { seed: 1 });
      await index.add(data);
      const found: number[] = [];
      for (const probes of [1, 2, 4, 8, 24]) found.push(await recall(index, probes));
      expect(found).toEqual(found.toSorted((a, b) => a - b));
      expect(found[3]!).toBeGreaterThan(1.1 * found[0]!);
      whole.push(objective.at(-1)!);
      expect(index.stats()).toMatchObject({ items: 2000, lists: 24, buckets: 60 * 24, distances: 60 * 2000 });
    }
    expect(whole[0]!).toBeLessThan(0.8 * whole[1]!);
  });

  it('says 0 or above of vectors that are what their codes stand for', async () => {
    const index = await filled();
    const exact = (await reconstructed(index)).map(({ values }) => values);
    const { distances } = await index.search(createMatrix(Float64Array.from(exact.flat()), exact.length), 1);
    expect(Math.min(...distances)).toBe(0);
    expect(Math.max(...distances)).toBeLessThan(1e-10);
  });

  it('keeps its digits far from 0', async () => {
    const far = { ...vectors, values: Float64Array.from(vectors.values, (value) => value + 1e8) };
    const asked = { ...queries, values: Float64Array.from(queries.values, (value) => value + 1e8) };
    const index = await fitted({}, far);
    await index.add(far);
    const near = await filled();
    const [found, wanted] = [await index.search(asked, 5, { probes: 9 }), await near.search(queries, 5, { probes: 9 })];
    found.distances.forEach((distance, i) => {
      expect(Math.abs(distance - wanted.distances[i]!)).toBeLessThan(1e-3 * (1 + distance));
    });
  });

  it('adding and removing leaves what a fresh index of the rest finds (property)', async () => {
    const model = (await fitted()).toJSON();
    const codes = await IvfPQIndex.fromJson(model).encode(vectors);
    const at = (i: number) => ({ n: 1, parts: 6, bytes: codes.bytes.slice(6 * i, 6 * i + 6) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ add: fc.boolean(), row: fc.nat(20) }), { minLength: 60, maxLength: 90 }),
        fc.func(fc.boolean()),
        fc.integer({ min: 1, max: 9 }),
        async (steps, filter, probes) => {
          const index = IvfPQIndex.fromJson(model);
          const there = new Set<number>();
          for (const { add, row } of steps) {
            if (add && !there.has(row)) {
              index.addCodes(at(row), [row]);
              there.add(row);
            } else if (!add) {
              expect(index.remove([row, 99])).toBe(there.delete(row) ? 1 : 0);
            }
          }
          expect(index.size).toBe(there.size);
          const kept = [...there].filter((id) => filter(id));
          const fresh = IvfPQIndex.fromJson(model);
          for (const id of kept) fresh.addCodes(at(id), [id]);
          expect(await index.search(queries, 7, { filter: (id) => filter(id), probes })).toEqual(
            await fresh.search(queries, 7, { probes }),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it('counts on with ids, and refuses what it cannot take without adding any of it', async () => {
    const index = await fitted();
    await index.add(rowsOf(vectors, [0, 1]), [4, -0]);
    await index.add(rowsOf(vectors, [2]));
    index.remove([5]);
    await index.add(rowsOf(vectors, [3]));
    const before = index.contents();
    expect(before.ids.toSorted()).toEqual(Float64Array.of(0, 4, 6));
    const two = rowsOf(vectors, [4, 5]);
    for (const [ids, message] of [
      [[20, 4], /id 4 is there already/],
      [[20, 20], /id 20 is there already/],
      [[20], /expected 2 ids, one a code, got 1/],
      [[20, 1.5], /safe integers, got 1.5/],
    ] as const) {
      await expect(index.add(two, ids)).rejects.toThrow(message);
    }
    await expect(index.add(two, [4, 20])).rejects.toThrow(DuplicateIdError);
    await expect(index.add(createMatrix(new Float32Array(4), 1))).rejects.toThrow(/of 8 numbers, got 4/);
    await expect(index.add(createMatrix(new Float32Array(8).fill(Number.NaN), 1))).rejects.toThrow(/got NaN/);
    const code = (...bytes: number[]) => ({ n: 1, parts: bytes.length, bytes: Uint8Array.from(bytes) });
    expect(() => index.addCodes(code(0, 0, 1, 1, 1, 1, 1))).toThrow(/codes of 6 bytes, got 7/);
    expect(() => index.addCodes(code(9, 0, 1, 1, 1, 1))).toThrow(/code 0 lies in list 9, there are 9/);
    expect(() => index.addCodes(code(1, 1, 1, 1, 1, 1))).toThrow(/lies in list 257/);
    expect(() => index.addCodes(code(8, 0, 1, 1, 1, 8))).toThrow(/names centroid 8, there are 8/);
    expect(index.contents()).toEqual(before);
    const full = await fitted();
    await full.add(rowsOf(vectors, [0]), [Number.MAX_SAFE_INTEGER - 1]);
    await expect(full.add(two)).rejects.toThrow(/IvfPQIndex.add: no whole number is left beyond id 9007199254740990/);
    expect(full.size).toBe(1);
  });

  it('refuses searches that cannot be', async () => {
    const index = await filled();
    await expect(index.search(queries, 0)).rejects.toThrow(/k: expected an integer of at least 1, got 0/);
    for (const probes of [0, 10, 1.5, Number.NaN]) {
      await expect(index.search(queries, 1, { probes })).rejects.toThrow(/probes: expected an integer in 1 … 9/);
      await expect(index.rangeSearch(queries, 1, { probes })).rejects.toThrow(/probes/);
    }
    await expect(index.search(createMatrix(new Float32Array(4), 1), 1)).rejects.toThrow(/of 8 numbers, got 4/);
    await expect(index.search(createMatrix(new Float32Array(8).fill(Number.NaN), 1), 1)).rejects.toThrow(/got NaN/);
    await expect(index.rangeSearch(queries, -1)).rejects.toThrow(/radius/);
    const before = await index.search(queries, 3);
    const filter = () => index.remove([1]) === 0;
    await expect(index.search(queries, 3, { filter })).rejects.toThrow(/cannot search or change/);
    expect(await index.search(queries, 3)).toEqual(before);
  });

  it('refuses what it cannot learn from, and is as it was', async () => {
    const index = await fitted();
    const before = index.toJSON();
    const constant = createMatrix(new Float32Array(8 * 20).fill(3), 20);
    await expect(index.fit(rowsOf(vectors, [0, 1, 2]))).rejects.toThrow(/at least 9 vectors, got 3/);
    await expect(index.fit(constant)).rejects.toThrow(/all 20 vectors are equal/);
    await expect(index.fit(createMatrix(new Float32Array(8 * 20).fill(Number.NaN), 20))).rejects.toThrow(/got NaN/);
    await expect(index.fit(clusteredVectors(20, 6, 1))).rejects.toThrow(/multiple of 4 parts, got 6/);
    expect(index.toJSON()).toEqual(before);
    await index.add(rowsOf(vectors, [1]));
    await expect(index.fit(vectors)).rejects.toThrow(/1 codes lie in the lists/);
    const none = new IvfPQIndex({ quantizer: quantizers.pq(), lists: 2 });
    for (const call of [() => none.search(queries, 1), () => none.add(vectors), () => none.encode(vectors)]) {
      await expect(call()).rejects.toThrow(/fit it first/);
    }
    expect(() => none.toJSON()).toThrow(/fit it first/);
    expect([none.size, none.dimensions, none.stats().items]).toEqual([0, null, 0]);
    const single = await fitted({ lists: 1 }, constant);
    await single.add(constant);
    expect((await single.search(rowsOf(constant, [0]), 1)).distances[0]).toBe(0);
  });

  it('is told to stop in k-means and in the quantiser, and says how far it is', async () => {
    const heard: number[] = [];
    const index = new IvfPQIndex({ quantizer: quantizers.pq(), lists: 9 });
    await index.fit(vectors, { progress: (fraction) => heard.push(fraction) });
    expect(heard).toEqual(heard.toSorted((a, b) => a - b));
    expect([heard[0], heard.at(-1)]).toEqual([0, 1]);
    const before = index.toJSON();
    for (const at of [0.02, 0.7]) {
      const controller = new AbortController();
      const progress = (fraction: number) => {
        if (fraction >= at) controller.abort(new Error(`enough at ${fraction < 0.5 ? 'centroids' : 'codes'}`));
      };
      const fitting = index.fit(vectors, { seed: 9, signal: controller.signal, progress });
      const stopped = expect(fitting).rejects.toThrow(at < 0.5 ? 'enough at centroids' : 'enough at codes');
      await expect(index.add(vectors)).rejects.toThrow(/a fit is under way/);
      await stopped;
      expect(index.toJSON()).toEqual(before);
    }
  });

  it('does not put codes of an earlier fit into its lists', async () => {
    const index = await fitted();
    const adding = index.add(vectors);
    const fitting = index.fit(vectors, { seed: 8 });
    await expect(adding).rejects.toThrow(/a fit is under way/);
    await fitting;
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const plain = plainOperations();
    const operations: MatrixOperations = {
      ...plain,
      holdRows(rows, origin) {
        const held = plain.holdRows(rows, origin);
        return { ...held, dispose: () => {}, assign: (centroids) => gate.then(() => held.assign(centroids)) };
      },
    };
    const late = index.add(vectors, undefined, { operations });
    await index.fit(vectors, { seed: 9 });
    open();
    await expect(late).rejects.toThrow(/fitted anew/);
    expect(index.size).toBe(0);
  });

  it('takes fewer different vectors than lists, and says so', async () => {
    const few = rowsOf(
      vectors,
      Array.from({ length: 30 }, (_, i) => i % 3),
    );
    const index = new IvfPQIndex({ quantizer: quantizers.pq(), lists: 5 });
    const { warnings, rows } = await index.fit(few);
    expect([warnings.join(), rows]).toEqual([expect.stringContaining('2 of 5 lists are empty'), 30]);
    await index.add(few);
    const { ids } = await index.search(rowsOf(vectors, [0, 1, 2]), 10, { probes: 5 });
    expect(Array.from(ids, (id) => id % 3)).toEqual(Array.from({ length: 30 }, (_, i) => Math.floor(i / 10)));
    expect(index.stats().imbalance).toBeCloseTo(5 / 3);
  });

  it('learns from a sample', async () => {
    const index = new IvfPQIndex({ quantizer: quantizers.pq(), lists: 9, sample: 50 });
    expect((await index.fit(vectors)).rows).toBe(50);
  });

  it('refuses options and JSON that are not whole', async () => {
    const quantizer = quantizers.pq();
    for (const [wrong, message] of [
      [{ lists: 0 }, /lists: expected an integer in 1 … 65536, got 0/],
      [{ lists: 65_537 }, /lists/],
      [{ lists: 4, iterations: 0 }, /iterations/],
      [{ lists: 4, sample: 3 }, /sample: expected an integer of at least 4, got 3/],
      [
        { lists: 4, quantizer: new CompositeQuantizer({ parts: 2 }) },
        /expected a ProductQuantizer or .*, got \{ kind: the string 'cq'/,
      ],
      [{ lists: 4, quantizer: undefined }, /got undefined/],
    ] as const) {
      expect(() => new IvfPQIndex({ quantizer, ...wrong } as IvfPQIndexOptions)).toThrow(message);
    }
    const json = (await fitted()).toJSON();
    for (const wrong of [{ kind: 'pq' }, { version: 2 }, { residuals: 1 }, { model: {} }, { quantizer: null }]) {
      expect(() => IvfPQIndex.fromJson({ ...json, ...wrong } as never)).toThrow(/expected/);
    }
  });
});

it('tables of lists are the same whether they are kept or not', async () => {
  const quantizer = quantizers.pq();
  await quantizer.fit(vectors);
  const centroids = createMatrix(
    Float64Array.from({ length: 3 * d }, (_, i) => Math.sin(i)),
    3,
  );
  const kept = new ListTables(quantizer, centroids);
  const not = new ListTables(quantizer, centroids, 0);
  const rng = createRng(1);
  const query = Float64Array.from({ length: d }, () => rng.normal());
  for (const list of [0, 2, 0]) {
    const [a, b] = [new Float64Array(32), new Float64Array(32)];
    const tables = quantizer.tables(query);
    expect(kept.combine(list, query, tables, a)).toBe(not.combine(list, query, tables, b));
    expect(a).toEqual(b);
  }
  expect([kept.bytes, not.bytes]).toEqual([2 * 32 * 8, 0]);
});

it('lists give back their room in order', () => {
  const list = new InvertedList(2);
  list.reserve(3);
  for (let i = 0; i < 3; i++) list.push(Uint8Array.of(i, 10 * i), 100 + i);
  expect([list.take(0), list.take(1), list.length]).toEqual([102, 101, 1]);
  expect([list.ids[0], ...list.bytes.subarray(0, 2)]).toEqual([102, 2, 20]);
  expect([imbalance([]), imbalance([0, 0]), imbalance([5, 5]), imbalance([4, 0])]).toEqual([1, 1, 1, 2]);
});
