import { describe, expect, it } from '@jest/globals';
import {
  createMatrix,
  kMeans,
  type Matrix,
  orthogonalProcrustes,
  pca,
  pcaProject,
  pcaReconstruct,
  plainOperations,
} from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expectNoLeak } from '../../test/tensors.js';
import { RunningCentroidSums } from './centroid-sums.js';
import { tensorOperations } from './index.js';
import { largestProducts, rowsTogether } from './largest-products.js';

function random(rows: number, columns: number, seed: number): Matrix & { readonly values: Float64Array } {
  const rng = createRng(seed);
  return createMatrix(
    Float64Array.from({ length: rows * columns }, () => rng.normal()),
    rows,
    columns,
  );
}

/** The same in float32. */
const single = ({ rows, columns, values }: Matrix) => createMatrix(Float32Array.from(values), rows, columns);

/** `value * factor + offset` */
const moved = (matrix: Matrix, factor: number, offset: number) =>
  createMatrix(
    Float64Array.from(matrix.values, (value) => value * factor + offset),
    matrix.rows,
  );

/** Largest difference, as part of the largest value. */
function relativeDifference(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(got.length).toBe(wanted.length);
  let [worst, largest] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    largest = Math.max(largest, Math.abs(wanted[i]!));
    if (!(Math.abs(got[i]! - wanted[i]!) <= worst)) worst = Math.abs(got[i]! - wanted[i]!);
  }
  return worst === 0 ? 0 : worst / largest;
}

const plain = plainOperations();
const engine = tensorOperations();
const size = fc.integer({ min: 1, max: 40 });

describe('tensorOperations compute what plainOperations compute', () => {
  it('products', async () => {
    const property = fc.asyncProperty(
      fc.tuple(size, size, size),
      fc.tuple(fc.boolean(), fc.boolean()),
      fc.boolean(),
      fc.nat(),
      async ([m, k, n], [transposeA, transposeB], double, seed) => {
        const left = transposeA ? random(k, m, seed) : random(m, k, seed);
        const a = double ? left : single(left);
        const b = single(transposeB ? random(n, k, seed + 1) : random(k, n, seed + 1));
        const [got, wanted] = await Promise.all(
          [engine, plain].map((operations) => operations.multiply(a, b, { transposeA, transposeB })),
        );
        expect([got!.rows, got!.columns]).toEqual([m, n]);
        expect(relativeDifference(got!.values, wanted!.values)).toBeLessThan(1e-5);
      },
    );
    await expectNoLeak(() => fc.assert(property, { numRuns: 40 }));
  });

  it('moments, in many blocks', async () => {
    const wave = new Float32Array(70_000 * 61);
    for (let i = 0; i < wave.length; i++) wave[i] = Math.sin(i * 1.7) * Math.sin(i * 0.01) + 10;
    await expectNoLeak(async () => {
      for (const data of [random(1, 3, 1), single(random(300, 7, 2)), createMatrix(wave, 70_000)]) {
        const origin = new Float64Array(data.columns).fill(9.5);
        const [got, wanted] = await Promise.all([engine, plain].map((operations) => operations.scatter(data, origin)));
        expect(relativeDifference(got!.sums, wanted!.sums)).toBeLessThan(1e-5);
        expect(relativeDifference(got!.products, wanted!.products)).toBeLessThan(1e-5);
      }
    });
  });

  it.each([
    ['far from 0', 1, 2 ** 30, false],
    ['so large that float32 does not hold their squares', 1e25, 0, true],
    ['so small that float32 does not hold their squares', 1e-30, 0, true],
    ['so large that float32 does not hold them', 1e100, 0, false],
  ])('moments and nearest centroids of numbers %s', async (_, factor, offset, float32) => {
    const base = moved(random(200, 4, 1), factor, offset);
    const data = float32 ? single(base) : base;
    const origin = new Float64Array(4).fill(offset);
    const [got, wanted] = await Promise.all([engine, plain].map((operations) => operations.scatter(data, origin)));
    expect(relativeDifference(got!.sums, wanted!.sums)).toBeLessThan(1e-5);
    expect(relativeDifference(got!.products, wanted!.products)).toBeLessThan(1e-5);
    const centroids = moved(random(5, 4, 2), factor, 0);
    const [near, expected] = await Promise.all(
      [engine, plain].map(async (operations) => {
        const held = operations.holdRows(data, origin);
        const found = { ...(await held.assign(centroids)), ...(await held.sumByCentroid(centroids)) };
        held.dispose();
        return found;
      }),
    );
    expect(near!.assignments).toEqual(expected!.assignments);
    expect(new Set(near!.assignments).size).toBe(5);
    expect(relativeDifference(near!.sums, expected!.sums)).toBeLessThan(1e-5);
    expect(relativeDifference(near!.squaredDistances, expected!.squaredDistances)).toBeLessThan(1e-12);
  });

  it.each([
    ['few rows', 37, 5, 4],
    ['several blocks', 9_000, 3, 12],
    ['more centroids than are compared at once', 4_200, 2, 3_000],
  ])('nearest centroids and sums: %s', async (_, rows, columns, clusters) => {
    const data = single(moved(random(rows, columns, 1), 1, 100));
    const origin = new Float64Array(columns).fill(100);
    const centroids = random(clusters, columns, 2);
    const wanted = plain.holdRows(data, origin);
    const expected = { ...(await wanted.assign(centroids)), ...(await wanted.sumByCentroid(centroids)) };
    for (const residentBytes of [undefined, 0]) {
      await expectNoLeak(async () => {
        const held = tensorOperations(residentBytes === undefined ? {} : { residentBytes }).holdRows(data, origin);
        const { assignments, squaredDistances } = await held.assign(centroids);
        // Of nearly equally near centroids float32 may take the other.
        let others = 0;
        for (let i = 0; i < rows; i++) if (assignments[i] !== expected.assignments[i]) others++;
        expect(others).toBeLessThanOrEqual(rows / 1000);
        expect(relativeDifference(squaredDistances, expected.squaredDistances)).toBeLessThan(1e-5);
        for (let pass = 0; pass < 2; pass++) {
          const { sums, counts } = await held.sumByCentroid(centroids);
          expect(counts.reduce((a, b) => a + b)).toBe(rows);
          expect(relativeDifference(counts, expected.counts)).toBeLessThan(others === 0 ? 1e-12 : 0.2);
          if (others === 0) expect(relativeDifference(sums, expected.sums)).toBeLessThan(1e-5);
        }
        held.dispose();
        held.dispose();
      });
    }
  });

  it('holds rows on the engine only up to residentBytes', async () => {
    const data = single(random(9_000, 3, 1));
    const centroids = random(2, 3, 2);
    const bytes = 4 * 9_000 * 3;
    for (const [residentBytes, tensors] of [
      [bytes, Math.ceil(9_000 / rowsTogether(3))],
      [bytes - 1, 0],
    ] as const) {
      const before = tf.memory().numTensors;
      const held = tensorOperations({ residentBytes }).holdRows(data, new Float64Array(3));
      await held.sumByCentroid(centroids);
      expect(tf.memory().numTensors - before).toBe(tensors);
      held.dispose();
    }
  });

  it('the first of the largest products of each row', async () => {
    await expectNoLeak(async () => {
      const identity = tf.tensor3d([1, 0, 0, 0, 1, 0, 0, 0, 1], [1, 3, 3]);
      const offsets = tf.zeros<tf.Rank.R2>([1, 3]);
      const rows = tf.tensor2d([3, 1, 3, -1, 5, 5, 0, 0, 0, -1e30, -2, -3], [4, 3]);
      const indices = largestProducts(rows, identity, offsets);
      expect(indices.shape).toEqual([4, 1]);
      expect(Array.from(await indices.data())).toEqual([0, 1, 0, 1]);
      tf.dispose([identity, offsets, rows, indices]);
    });
  });

  // Whole numbers, so that products are exact and many are equal.
  it.each([
    [1, 1, 1, 1],
    [5, 3, 2, 3],
    [7, 16, 9, 1],
    [4, 17, 4, 2],
    [9, 256, 8, 4],
    [6, 257, 5, 2],
    [3, 700, 13, 1],
  ])('the largest of exact products: %i rows, %i columns of %i numbers, %i parts', async (n, k, d, parts) => {
    const rng = createRng(n * k * d);
    const whole = (count: number) => Float32Array.from({ length: count }, () => rng.integer(7) - 3);
    const [x, c, b] = [whole(n * parts * d), whole(parts * k * d), whole(parts * k)];
    const expected = Array.from({ length: n * parts }, (_, at) => {
      const m = at % parts;
      const sums = Array.from({ length: k }, (__, t) => {
        let sum = b[m * k + t]!;
        for (let j = 0; j < d; j++) sum += x[at * d + j]! * c[(m * k + t) * d + j]!;
        return sum;
      });
      return sums.indexOf(Math.max(...sums));
    });
    await expectNoLeak(async () => {
      const inputs = [
        tf.tensor2d(x, [n, parts * d]),
        tf.tensor3d(c, [parts, k, d]),
        tf.tensor2d(b, [parts, k]),
      ] as const;
      const indices = largestProducts(...inputs);
      expect(indices.shape).toEqual([n, parts]);
      expect(Array.from(await indices.data())).toEqual(expected);
      tf.dispose([...inputs, indices]);
    });
  });

  // Whole numbers, so that products are exact and many are 0.
  it.each([
    [1, 1, 1],
    [5, 3, 2],
    [63, 4, 16],
    [64, 5, 17],
    [200, 64, 64],
    [4_200, 7, 33],
    [70_000, 2, 3],
  ])('sums of rows by the signs of their products: %i rows of %i numbers, %i directions', async (n, d, k) => {
    const rng = createRng(n * d * k);
    const whole = (rows: number, columns: number) =>
      createMatrix(
        Float64Array.from({ length: rows * columns }, () => rng.integer(5) - 2),
        rows,
        columns,
      );
    const [data, directions, origin] = [moved(whole(n, d), 1, 100), whole(d, k), new Float64Array(d).fill(101)];
    const wanted = await plain.holdRows(data, origin).correlateWithSigns(directions);
    for (const residentBytes of [undefined, 0]) {
      await expectNoLeak(async () => {
        const held = tensorOperations(residentBytes === undefined ? {} : { residentBytes }).holdRows(data, origin);
        for (let pass = 0; pass < 2; pass++) expect(await held.correlateWithSigns(directions)).toEqual(wanted);
        held.dispose();
      });
    }
  });

  it('sums of rows by signs, of numbers that float32 holds only when scaled', async () => {
    const [data, directions] = [moved(random(50, 4, 1), 1e30, 0), random(4, 3, 2)];
    const sums = await Promise.all(
      [engine, plain].map(async (operations) => {
        const held = operations.holdRows(data, new Float64Array(4));
        const { values } = await held.correlateWithSigns(directions);
        held.dispose();
        return values;
      }),
    );
    expect(relativeDifference(sums[0]!, sums[1]!)).toBeLessThan(1e-6);
  });

  it('nearest centroids of the parts of rows, or nothing for numbers that float32 does not hold', async () => {
    await expectNoLeak(async () => {
      const [data, centroids] = [single(random(70, 6, 1)), random(15, 2, 2)];
      const nearest = await tensorOperations().nearestInParts!(data, centroids, 3);
      const expected = Array.from({ length: 70 * 3 }, (_, at) => {
        const distances = Array.from({ length: 5 }, (__, t) =>
          [0, 1].reduce((sum, j) => {
            const centre = centroids.values[((at % 3) * 5 + t) * 2 + j]!;
            return sum + (data.values[2 * at + j]! - centre) ** 2;
          }, 0),
        );
        return distances.indexOf(Math.min(...distances));
      });
      expect(Array.from(nearest!)).toEqual(expected);
      expect(await tensorOperations().nearestInParts!(moved(data, 1e30, 0), centroids, 3)).toBeUndefined();
    });
  });

  it('running sums are those of each assignment, whatever changes from one to the next', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 3 }), fc.nat(), (rows, columns, seed) => {
        const [data, origin, rng] = [random(rows, columns, seed), new Float64Array(columns).fill(0.5), createRng(seed)];
        const running = new RunningCentroidSums(data, origin);
        let assignments = new Int32Array(rows);
        for (let pass = 0; pass < 6; pass++) {
          const clusters = pass < 4 ? 3 : 4;
          assignments = assignments.map((index) => (rng.uniform() < 0.3 ? rng.integer(clusters) : index));
          const { sums, counts } = running.update(assignments, clusters);
          const [wanted, wantedCounts] = [new Float64Array(clusters * columns), new Float64Array(clusters)];
          assignments.forEach((index, row) => {
            wantedCounts[index]! += 1;
            for (let j = 0; j < columns; j++) wanted[index * columns + j]! += data.values[row * columns + j]! - 0.5;
          });
          expect(counts).toEqual(wantedCounts);
          for (let i = 0; i < wanted.length; i++) expect(Math.abs(sums[i]! - wanted[i]!)).toBeLessThan(1e-12);
          sums.fill(7); // what is returned is the caller's
          counts.fill(7);
        }
      }),
    );
  });
});

describe('on the engine', () => {
  it('pca, its projections and their way back', async () => {
    const data = single(moved(random(500, 20, 3), 1, 50));
    for (let i = 0; i < data.values.length; i++) data.values[i]! *= 1 + (i % 20);
    await expectNoLeak(async () => {
      for (const method of ['covariance', 'gram', 'randomized'] as const) {
        const [got, wanted] = await Promise.all(
          [engine, plain].map(async (operations) => {
            const options = { operations, method, rng: createRng(1), powerIterations: 30, whiten: true };
            const model = await pca(data, 4, options);
            const projected = await pcaProject(model, data, { operations });
            return { model, projected, again: await pcaReconstruct(model, projected, { operations }) };
          }),
        );
        expect(relativeDifference(got!.model.mean, wanted!.model.mean)).toBeLessThan(1e-6);
        expect(relativeDifference(got!.model.components.values, wanted!.model.components.values)).toBeLessThan(1e-3);
        expect(relativeDifference(got!.model.explainedVariance, wanted!.model.explainedVariance)).toBeLessThan(1e-5);
        expect(relativeDifference(got!.projected.values, wanted!.projected.values)).toBeLessThan(1e-3);
        expect(relativeDifference(got!.again.values, wanted!.again.values)).toBeLessThan(1e-3);
      }
    });
  });

  it('kMeans, full passes, mini-batches and a cluster that starts empty', async () => {
    // Groups around different corners: float32 and float64 agree on every row.
    const noise = random(6_000, 3, 5).values;
    const data = createMatrix(Float32Array.from(noise, (value, i) => value / 8 + ((Math.floor(i / 3) >> (i % 3)) & 1) * 4 + 20), 6_000); // biome-ignore format: one call
    const start = createMatrix(Float64Array.from(data.values.slice(0, 24)), 8);
    const empty = createMatrix(Float64Array.from(start.values, (value, i) => (i < 3 ? 1e3 : value)), 8); // biome-ignore format: one call
    await expectNoLeak(async () => {
      for (const options of [{ start }, { start: empty }, { start, batchSize: 100, iterations: 10 }, {}]) {
        const [got, wanted] = await Promise.all(
          [engine, plain].map((operations) => kMeans(data, 8, { ...options, rng: createRng(2), operations })),
        );
        expect(got!.assignments).toEqual(wanted!.assignments);
        expect(relativeDifference(got!.centroids.values, wanted!.centroids.values)).toBeLessThan(1e-5);
        expect(Math.abs(got!.inertia / wanted!.inertia - 1)).toBeLessThan(1e-5);
        expect(relativeDifference(got!.inertiaHistory, wanted!.inertiaHistory)).toBeLessThan(1e-4);
        expect(got!.iterations).toBe(wanted!.iterations);
      }
    });
  });

  it('orthogonalProcrustes', async () => {
    const [a, b] = [single(random(90, 6, 6)), random(90, 6, 7)];
    const [got, wanted] = await Promise.all(
      [engine, plain].map((operations) => orthogonalProcrustes(a, b, { operations })),
    );
    expect(relativeDifference(got!.rotation.values, wanted!.rotation.values)).toBeLessThan(1e-4);
  });

  it('leaves nothing behind when the data are refused', async () => {
    const nan = createMatrix(Float32Array.of(1, 2, Number.NaN, 4), 2);
    const large = createMatrix(Float64Array.of(1e300, 0, -1e300, 0), 2);
    await expectNoLeak(async () => {
      for (const method of ['covariance', 'gram'] as const) {
        await expect(pca(nan, 1, { operations: engine, method })).rejects.toThrow('got NaN in row 1, column 0');
        await expect(pca(large, 1, { operations: engine, method })).rejects.toThrow('overflow');
      }
      await expect(kMeans(nan, 1, { operations: engine, rng: createRng(1) })).rejects.toThrow('got NaN');
      await expect(kMeans(large, 1, { operations: engine, rng: createRng(1) })).rejects.toThrow('overflow');
    });
    expect(() => tensorOperations({ residentBytes: -1 })).toThrow(
      expect.objectContaining({ code: 'linalg/bad-engine-option' }),
    );
  });
});
