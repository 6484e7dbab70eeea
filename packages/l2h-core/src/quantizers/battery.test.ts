import { describe, expect, it } from '@jest/globals';
import { createMatrix, type Matrix } from '@tensor-papers/numerics/linalg';
import { clusteredVectors } from '../../test/vectors.js';
import { CompositeQuantizer } from './composite-quantizer.js';
import { OptimizedProductQuantizer } from './optimized-product-quantizer.js';
import { ProductQuantizer } from './product-quantizer.js';
import { type QuantizedCodes, type Quantizer, tableSums } from './quantizer.js';
import { quantizerFromJson } from './quantizer-from-json.js';

const options = { parts: 4, centroids: 8 };
const makers: Readonly<Record<string, () => Quantizer>> = {
  pq: () => new ProductQuantizer(options),
  opq: () => new OptimizedProductQuantizer({ ...options, iterations: 6 }),
  'opq, random start': () => new OptimizedProductQuantizer({ ...options, iterations: 3, start: 'random' }),
  'opq, identity': () => new OptimizedProductQuantizer({ ...options, iterations: 3, start: 'identity' }),
  cq: () => new CompositeQuantizer({ ...options, iterations: 3 }),
};

const vectors = clusteredVectors(120, 12, 1);
const row = ({ columns, values }: Matrix, i: number): number[] =>
  Array.from(values.subarray(i * columns, (i + 1) * columns));
const rowsAt = (matrix: Matrix, from: number, to: number): Matrix =>
  createMatrix(matrix.values.slice(from * matrix.columns, to * matrix.columns), to - from);

function squaredError(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let i = 0; i < a.values.length; i++) sum += (a.values[i]! - b.values[i]!) ** 2;
  return sum;
}

describe.each(Object.entries(makers))('%s', (kind, make) => {
  const fitted = async (seed = 1) => {
    const quantizer = make();
    const report = await quantizer.fit(vectors, { seed });
    return { quantizer, report };
  };

  it('gives the same codes for the same seed, and what it minimises never rises', async () => {
    const [first, again] = [await fitted(), await fitted()];
    const codes = await first.quantizer.encode(vectors);
    expect(await again.quantizer.encode(vectors)).toEqual(codes);
    expect(again.quantizer.toJSON()).toEqual(first.quantizer.toJSON());
    const { objective } = first.report;
    for (let i = 1; i < objective.length; i++)
      expect(objective[i]!).toBeLessThanOrEqual(objective[i - 1]! * (1 + 1e-6));
  });

  it('comes back from JSON with the same codes and tables', async () => {
    const { quantizer } = await fitted();
    const copy = quantizerFromJson(JSON.parse(JSON.stringify(quantizer)));
    expect(copy.kind).toBe(kind.split(',')[0]);
    expect(await copy.encode(vectors)).toEqual(await quantizer.encode(vectors));
    expect(copy.tables(row(vectors, 3))).toEqual(quantizer.tables(row(vectors, 3)));
  });

  it('codes a vector alone as among others', async () => {
    const { quantizer } = await fitted();
    const { bytes } = await quantizer.encode(vectors);
    for (const i of [0, 57, 119]) {
      const alone = await quantizer.encode(rowsAt(vectors, i, i + 1));
      expect(alone.bytes).toEqual(bytes.slice(4 * i, 4 * (i + 1)));
    }
  });

  it('has tables whose sums are squared distances to what the codes stand for', async () => {
    const { quantizer } = await fitted();
    const codes = await quantizer.encode(vectors);
    const decoded = quantizer.decode(codes);
    const query = row(clusteredVectors(1, 12, 9), 0);
    const sums = tableSums(quantizer.tables(query), codes);
    const constant = quantizer.constantOf(query);
    const off = Array.from(sums, (sum, i) => {
      const exact = row(decoded, i).reduce((total, value, j) => total + (value - query[j]!) ** 2, 0);
      return Math.abs(sum + constant - exact) / exact;
    });
    // A composite quantiser's cross terms are only near their constant.
    expect(Math.max(...off)).toBeLessThan(kind === 'cq' ? 0.5 : 1e-4);
  });

  it('errs less than a single centroid, and less with more centroids', async () => {
    const error = async (centroids: number) => {
      const quantizer =
        kind === 'pq'
          ? new ProductQuantizer({ parts: 4, centroids })
          : kind === 'cq'
            ? new CompositeQuantizer({ parts: 4, centroids, iterations: 3 })
            : new OptimizedProductQuantizer({ parts: 4, centroids, iterations: 3 });
      await quantizer.fit(vectors);
      return squaredError(vectors, quantizer.decode(await quantizer.encode(vectors)));
    };
    const [one, few, many] = [await error(1), await error(4), await error(32)];
    expect(few).toBeLessThan(0.8 * one);
    expect(many).toBeLessThan(0.8 * few);
  });

  it('stays as it was when a fit is stopped or refused', async () => {
    const { quantizer } = await fitted();
    const before = quantizer.toJSON();
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(quantizer.fit(vectors, { signal: controller.signal })).rejects.toThrow('enough');
    const broken = createMatrix(
      Float32Array.from({ length: 24 }, (_, i) => (i === 13 ? Number.NaN : i)),
      2,
    );
    await expect(quantizer.fit(broken)).rejects.toThrow(/got NaN in vector 1, column 1/);
    await expect(quantizer.fit(createMatrix(new Float32Array(20), 2))).rejects.toThrow(/multiple of 4 parts, got 10/);
    expect(quantizer.toJSON()).toEqual(before);
  });

  it('takes fewer vectors than centroids, and vectors that are all the same', async () => {
    const few = make();
    const { warnings } = await few.fit(rowsAt(vectors, 0, 5));
    expect(warnings.join()).toMatch(/only 5 vectors: 5 centroids/);
    expect(squaredError(rowsAt(vectors, 0, 5), few.decode(await few.encode(rowsAt(vectors, 0, 5))))).toBeLessThan(1e-6);
    const same = make();
    await same.fit(createMatrix(new Float32Array(120).fill(2), 10));
    expect((await same.encode(createMatrix(new Float32Array(12).fill(2), 1))).n).toBe(1);
  });

  it('says what is wrong', async () => {
    expect(() => make().toJSON()).toThrow(/fit it first/);
    await expect(make().encode(vectors)).rejects.toThrow(/fit it first/);
    const { quantizer } = await fitted();
    await expect(quantizer.encode(createMatrix(new Float32Array(10), 1))).rejects.toThrow(/of 12 numbers, got 10/);
    expect(() => quantizer.tables([1, 2])).toThrow(/12 numbers, got 2/);
    const code = (bytes: number[], parts: number): QuantizedCodes => ({ n: 1, parts, bytes: Uint8Array.from(bytes) });
    expect(() => quantizer.decode(code([1, 2], 2))).toThrow(/codes of 4 bytes, got 2/);
    expect(() => quantizer.decode(code([1, 2, 3, 8], 4))).toThrow(/code 0 names centroid 8, there are 8/);
    expect(() => quantizerFromJson({ ...quantizer.toJSON(), kind: 'other' })).toThrow(
      /expected kind pq, opq, cq, got other/,
    );
  });
});

it.each([
  ['pq', (sample?: number) => new ProductQuantizer({ ...options, ...(sample && { sample }) })],
  ['opq', (sample?: number) => new OptimizedProductQuantizer({ ...options, iterations: 2, ...(sample && { sample }) })],
  ['cq', (sample?: number) => new CompositeQuantizer({ ...options, iterations: 2, ...(sample && { sample }) })],
])('learns from a sample, and from all where that is no fewer: %s', async (_, make) => {
  const learnt = async (quantizer: Quantizer, seed: number) => {
    const { rows } = await quantizer.fit(vectors, { seed });
    return { rows, json: JSON.stringify(quantizer) };
  };
  const all = await learnt(make(), 1);
  expect(all.rows).toBe(120);
  expect(await learnt(make(120), 1)).toEqual(all);
  const some = await learnt(make(40), 1);
  expect(some.rows).toBe(40);
  expect(await learnt(make(40), 1)).toEqual(some);
  expect((await learnt(make(40), 2)).json).not.toBe(some.json);
});

it.each([
  [{ parts: 0 }, /parts: expected an integer of at least 1, got 0/],
  [{ parts: 2, centroids: 257 }, /centroids: expected an integer in 1 … 256, got 257/],
  [{ parts: 2, iterations: -1 }, /iterations/],
  [{ parts: 2, sample: 0 }, /sample: expected an integer of at least \d, got 0/],
])('refuses options %j', (wrong, message) => {
  expect(() => new ProductQuantizer(wrong)).toThrow(message);
  expect(() => new OptimizedProductQuantizer(wrong)).toThrow(message);
  expect(() => new CompositeQuantizer(wrong)).toThrow(message);
});

it('a rotation lowers the error where the columns of a part are unlike', async () => {
  const error = async (quantizer: Quantizer) => {
    await quantizer.fit(vectors, { seed: 3 });
    return squaredError(vectors, quantizer.decode(await quantizer.encode(vectors)));
  };
  const plain = await error(new ProductQuantizer(options));
  const rotated = new OptimizedProductQuantizer({ ...options, iterations: 15 });
  expect(await error(rotated)).toBeLessThan(plain);
  const { values, columns } = rotated.rotation;
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j < columns; j++) {
      let dot = 0;
      for (let k = 0; k < columns; k++) dot += values[k * columns + i]! * values[k * columns + j]!;
      expect(dot).toBeCloseTo(i === j ? 1 : 0, 5);
    }
  }
});
