import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRng } from '../random/index.js';
import { covariance, createMatrix, type Matrix, type PcaModel, pca, pcaProject, pcaReconstruct } from './index.js';
import { rowRange } from './matrix.js';

/** Rows whose columns vary by 1, 1/2, 1/3, … in random directions. */
function correlated(rows: number, columns: number, seed: number, offset = 0): Matrix {
  const rng = createRng(seed);
  const mixing = Float64Array.from(
    { length: columns * columns },
    (_, i) => rng.normal() / (1 + Math.floor(i / columns)),
  );
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const source = rng.normal();
      for (let k = 0; k < columns; k++) values[i * columns + k]! += source * mixing[j * columns + k]!;
    }
    for (let j = 0; j < columns; j++) values[i * columns + j]! += offset;
  }
  return createMatrix(values, rows, columns);
}

function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) if (!(Math.abs(a[i]! - b[i]!) <= worst)) worst = Math.abs(a[i]! - b[i]!);
  return worst;
}

function expectSameModel(got: PcaModel, wanted: PcaModel, tolerance: number): void {
  expect(difference(got.mean, wanted.mean)).toBeLessThan(tolerance);
  expect(difference(got.explainedVariance, wanted.explainedVariance)).toBeLessThan(tolerance);
  expect(difference(got.components.values, wanted.components.values)).toBeLessThan(tolerance);
  expect(Math.abs(got.totalVariance - wanted.totalVariance)).toBeLessThan(tolerance);
  expect([got.rows, got.whiten]).toEqual([wanted.rows, wanted.whiten]);
}

const blocksOf = (data: Matrix, ...cuts: number[]) =>
  [0, ...cuts].map((start, i) => rowRange(data, start, cuts[i] ?? data.rows));

describe('covariance', () => {
  it('is the same in one piece and in blocks, also far from 0', async () => {
    const data = correlated(50, 7, 1, 1e6);
    const whole = await covariance(data);
    const near = await covariance(correlated(50, 7, 1));
    expect(difference(whole.covariance.values, near.covariance.values)).toBeLessThan(1e-7);
    const blocks = await covariance(blocksOf(data, 1, 20, 21, 45));
    expect(blocks.rows).toBe(50);
    expect(difference(blocks.mean, whole.mean)).toBeLessThan(1e-9);
    expect(difference(blocks.covariance.values, whole.covariance.values)).toBeLessThan(1e-8);
  });
});

describe('pca', () => {
  it('takes blocks in every form', async () => {
    const data = correlated(40, 6, 2, 3);
    const whole = await pca(data, 3);
    const blocks = blocksOf(data, 11, 30);
    async function* stream() {
      yield* blocks;
    }
    for (const source of [blocks, blocks.values(), stream(), () => blocks, stream]) {
      expectSameModel(await pca(source, 3), whole, 1e-12);
    }
  });

  it('agrees between methods', async () => {
    for (const [rows, columns] of [
      [30, 12],
      [12, 30],
    ] as const) {
      const data = correlated(rows, columns, 3, -2);
      const models = await Promise.all((['covariance', 'gram'] as const).map((method) => pca(data, 5, { method })));
      expectSameModel(models[1]!, models[0]!, 1e-9);
      expectSameModel(await pca(data, 5), models[0]!, 1e-9);
    }
  });

  it('finds components of the randomized method where the variances fall off', async () => {
    const data = correlated(300, 80, 4, 5);
    const exact = await pca(data, 4);
    const options = { method: 'randomized', rng: createRng(1), powerIterations: 20 } as const;
    expectSameModel(await pca(data, 4, options), exact, 1e-5);
    const again = await pca(blocksOf(data, 100, 250), 4, { ...options, rng: createRng(1) });
    expectSameModel(again, exact, 1e-5);
    const rough = await pca(data, 4, { ...options, powerIterations: 0, oversampling: 2 });
    expect(rough.explainedVariance[0]).toBeLessThan(exact.explainedVariance[0]!);
  });

  it('projections have mean 0, no correlation, the explained variance, and variance 1 whitened', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 20 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        async (rows, columns, seed) => {
          const data = correlated(rows, columns, seed, 1);
          const count = Math.min(columns, rows - 1);
          for (const whiten of [false, true]) {
            const model = await pca(data, count, { whiten });
            const projected = await pcaProject(model, data);
            const { mean, covariance: matrix } = await covariance(projected);
            expect(difference(mean, new Float64Array(count))).toBeLessThan(1e-6);
            const wanted = Float64Array.from(matrix.values, (_, i) =>
              i % (count + 1) !== 0 ? 0 : whiten ? 1 : model.explainedVariance[i / (count + 1)]!,
            );
            expect(difference(matrix.values, wanted)).toBeLessThan(1e-5);
            if (count === Math.min(columns, rows - 1)) {
              const again = await pcaReconstruct(model, projected);
              expect(difference(again.values, data.values)).toBeLessThan(1e-6);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('completes the basis beyond the rank, with variance 0 and whitened coordinates 0', async () => {
    for (const [rows, columns, method] of [
      [20, 5, 'covariance'],
      [4, 9, 'gram'],
      [20, 5, 'randomized'],
    ] as const) {
      const values = Float32Array.from({ length: rows * columns }, (_, i) => (i % columns < 2 ? Math.sin(i) : 7));
      const data = createMatrix(values, rows);
      const model = await pca(data, 4, { method, rng: createRng(2), whiten: true });
      expect(Math.max(...model.explainedVariance.subarray(2))).toBeLessThan(1e-12);
      const gram = Array.from({ length: 16 }, (_, i) => {
        const [a, b] = [Math.floor(i / 4), i % 4].map((row) =>
          model.components.values.subarray(row * columns, (row + 1) * columns),
        );
        return a!.reduce((sum, value, j) => sum + value * b![j]!, 0);
      });
      expect(difference(gram, gram.map((_, i) => (i % 5 === 0 ? 1 : 0)))).toBeLessThan(1e-9); // biome-ignore format: one call
      const projected = await pcaProject(model, data);
      expect(projected.values.every((value, i) => (i % 4 < 2 ? Math.abs(value) < 5 : value === 0))).toBe(true);
    }
    const constant = await pca(createMatrix(new Float32Array(12).fill(3), 4), 2, { whiten: true });
    expect(Array.from(constant.explainedVariance)).toEqual([0, 0]);
  });

  it('projects in the number format of the rows, many rows like few', async () => {
    const data = createMatrix(Float32Array.from(correlated(700, 6, 5).values), 700);
    const model = await pca(data, 2);
    const wide = { ...model, mean: new Float64Array(6), components: { ...model.components } };
    const all = await pcaProject(wide, data);
    expect(all.values).toBeInstanceOf(Float32Array);
    expect((await pcaProject(wide, rowRange(data, 600, 601))).values).toEqual(all.values.slice(1200, 1202));
  });

  const data = correlated(5, 3, 6);
  const nan = createMatrix(Float64Array.of(1, 2, 3, Number.NaN, 5, 6), 3);
  it.each([
    [() => pca(data, 4), 'linalg/bad-option', '1 … 3 for 5 rows and 3 columns, got 4'],
    [() => pca(data, 0), 'linalg/bad-option', 'got 0'],
    [() => pca([data], 4), 'linalg/bad-option', 'got 4'],
    [() => pca(rowRange(data, 0, 1), 1), 'linalg/bad-shape', 'at least 2 rows, got 1'],
    [() => pca([], 1), 'linalg/bad-shape', 'at least 2 rows, got 0'],
    [() => pca([data, correlated(5, 2, 1)], 1), 'linalg/bad-shape', 'block: expected 3 columns, got 2'],
    [() => pca(7 as unknown as Matrix, 1), 'linalg/bad-shape', 'expected a matrix, an iterable'],
    [() => pca({ rows: 2, columns: 2, values: new Float32Array(3) }, 1), 'linalg/bad-shape', 'got 2 × 2 and 3 values'],
    [() => pca(data, 1, { method: 'fast' as 'gram' }), 'linalg/bad-option', 'method: expected one of'],
    [() => pca([data], 1, { method: 'gram' }), 'linalg/bad-shape', 'all rows at once'],
    [() => pca(data, 1, { method: 'randomized' }), 'linalg/bad-option', 'needs rng'],
    [() => pca([data].values(), 1, { method: 'randomized', rng: createRng(1) }), 'linalg/bad-option', 'come only once'],
    [
      () => pca(data, 1, { method: 'randomized', rng: createRng(1), oversampling: -1 }),
      'linalg/bad-option',
      'oversampling',
    ],
    [() => pca(nan, 1), 'linalg/not-finite', 'got NaN in row 1, column 1'],
    [
      () => pca([data, correlated(2, 3, 1), { ...nan, rows: 2, columns: 3 }], 1),
      'linalg/not-finite',
      'row 8, column 0',
    ],
    [() => pca(nan, 1, { method: 'gram' }), 'linalg/not-finite', 'got NaN in row 1, column 1'],
    [() => pca(createMatrix(Float64Array.of(1e200, -1e200), 2), 1), 'linalg/not-finite', 'overflow'],
    [async () => pcaProject(await pca(data, 1), correlated(2, 4, 1)), 'linalg/bad-shape', 'expected 3 columns, got 4'],
    [async () => pcaProject(await pca(data, 1), { ...nan, rows: 2, columns: 3 }), 'linalg/not-finite', 'row 1'],
    [async () => pcaReconstruct(await pca(data, 1), data), 'linalg/bad-shape', 'expected 1 columns, got 3'],
  ])('says what is wrong (%#)', async (call, code, message) => {
    const error = await call().then(() => undefined, (reason: Error) => reason); // biome-ignore format: one call
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
