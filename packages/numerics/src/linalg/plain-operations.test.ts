import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRng } from '../random/index.js';
import { createMatrix, type Matrix, plainOperations } from './index.js';

const operations = plainOperations();

function random(rows: number, columns: number, seed: number): Matrix & { readonly values: Float64Array } {
  const rng = createRng(seed);
  return createMatrix(
    Float64Array.from({ length: rows * columns }, () => rng.normal()),
    rows,
    columns,
  );
}

const at = ({ columns, values }: Matrix, row: number, column: number) => values[row * columns + column]!;

function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(wanted.length);
  const worst = Math.max(0, ...Array.from(got, (value, i) => Math.abs(value - wanted[i]!)));
  expect(worst).toBeLessThanOrEqual(tolerance);
}

/** Sizes around what is copied and multiplied at once. */
const size = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(63, 64, 65, 255, 256, 257, 300));

describe('plainOperations', () => {
  it('multiplies as plain loops do, whatever is transposed', async () => {
    const property = fc.asyncProperty(
      size,
      size,
      size,
      fc.boolean(),
      fc.boolean(),
      fc.nat(),
      async (m, k, n, transposeA, transposeB, seed) => {
        const a = transposeA ? random(k, m, seed) : random(m, k, seed);
        const b = transposeB ? random(n, k, seed + 1) : random(k, n, seed + 1);
        const expected = new Float64Array(m * n);
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            for (let p = 0; p < k; p++) {
              expected[i * n + j]! +=
                (transposeA ? at(a, p, i) : at(a, i, p)) * (transposeB ? at(b, j, p) : at(b, p, j));
            }
          }
        }
        const product = await operations.multiply(a, b, { transposeA, transposeB });
        expect([product.rows, product.columns]).toEqual([m, n]);
        expectClose(product.values, expected, 1e-11);
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it('sums in float64 and returns float32 only where both factors are', async () => {
    const many = createMatrix(new Float32Array(100_000).fill(0.1), 1);
    const one = await operations.multiply(many, many, { transposeB: true });
    expect(one.values).toBeInstanceOf(Float32Array);
    expect(one.values[0]).toBe(Math.fround(100_000 * Math.fround(0.1) ** 2));
    const mixed = await operations.multiply(many, createMatrix(Float64Array.of(1), 1), { transposeA: true });
    expect(mixed.values).toBeInstanceOf(Float64Array);
  });

  it('takes moments around the origin', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.integer({ min: 1, max: 70 }), fc.nat(), async (n, d, seed) => {
        const [rows, origin] = [random(n, d, seed), Float64Array.from({ length: d }, (_, i) => i / 8)];
        const sums = new Float64Array(d);
        const products = new Float64Array(d * d);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < d; j++) {
            sums[j]! += at(rows, i, j) - origin[j]!;
            for (let k = 0; k < d; k++)
              products[j * d + k]! += (at(rows, i, j) - origin[j]!) * (at(rows, i, k) - origin[k]!);
          }
        }
        const scatter = await operations.scatter(rows, origin);
        expectClose(scatter.sums, sums, 1e-10);
        expectClose(scatter.products, products, 1e-8);
      }),
      { numRuns: 40 },
    );
  });

  it('finds the nearest centroid, of equally near ones the first', async () => {
    await fc.assert(
      fc.asyncProperty(
        size,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        async (n, k, d, seed) => {
          const [rows, origin] = [random(n, d, seed), Float64Array.from({ length: d }, (_, i) => i - 1)];
          const distinct = random(k, d, seed + 1);
          const centroids = createMatrix(
            Float64Array.from({ length: 2 * k * d }, (_, i) => distinct.values[i % (k * d)]!),
            2 * k,
          );
          const sums = new Float64Array(2 * k * d);
          const counts = new Float64Array(2 * k);
          const nearest = Array.from({ length: n }, (_, i) => {
            const distances = Array.from({ length: k }, (_, c) => {
              let sum = 0;
              for (let j = 0; j < d; j++) sum += (at(rows, i, j) - origin[j]! - at(centroids, c, j)) ** 2;
              return sum;
            });
            const index = distances.indexOf(Math.min(...distances));
            counts[index]! += 1;
            for (let j = 0; j < d; j++) sums[index * d + j]! += at(rows, i, j) - origin[j]!;
            return { index, distance: distances[index]! };
          });
          const held = operations.holdRows(rows, origin);
          const assigned = await held.assign(centroids);
          expect(Array.from(assigned.assignments)).toEqual(nearest.map(({ index }) => index));
          expectClose(assigned.squaredDistances, nearest.map(({ distance }) => distance), 1e-10); // biome-ignore format: one call
          const update = await held.sumByCentroid(centroids);
          expect(update.counts).toEqual(counts);
          expectClose(update.sums, sums, 1e-10);
          held.dispose();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('adds up rows by the signs of their products, that of 0 being positive', async () => {
    await fc.assert(
      fc.asyncProperty(
        size,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(),
        async (n, d, k, seed) => {
          // Whole numbers: many products are 0, and all are exact.
          const rng = createRng(seed);
          const whole = (rows: number, columns: number) =>
            createMatrix(
              Float64Array.from({ length: rows * columns }, () => rng.integer(5) - 2),
              rows,
              columns,
            );
          const [rows, directions, origin] = [whole(n, d), whole(d, k), whole(1, d).values];
          const wanted = new Float64Array(d * k);
          for (let i = 0; i < n; i++) {
            for (let c = 0; c < k; c++) {
              let dot = 0;
              for (let j = 0; j < d; j++) dot += (at(rows, i, j) - origin[j]!) * at(directions, j, c);
              for (let j = 0; j < d; j++) wanted[j * k + c]! += (dot >= 0 ? 1 : -1) * (at(rows, i, j) - origin[j]!);
            }
          }
          const held = operations.holdRows(rows, origin);
          const sums = await held.correlateWithSigns(directions);
          expect([sums.rows, sums.columns]).toEqual([d, k]);
          expectClose(sums.values, wanted, 0);
          held.dispose();
        },
      ),
      { numRuns: 40 },
    );
  });
});
