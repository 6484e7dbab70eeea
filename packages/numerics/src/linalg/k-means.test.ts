import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRng } from '../random/index.js';
import { createMatrix, type KMeansOptions, kMeans, type Matrix } from './index.js';
import { plusPlusRows } from './k-means-start.js';

function random(rows: number, columns: number, seed: number): Matrix & { readonly values: Float64Array } {
  const rng = createRng(seed);
  return createMatrix(
    Float64Array.from({ length: rows * columns }, () => rng.normal()),
    rows,
    columns,
  );
}

const rowsOf = ({ rows, columns, values }: Matrix) =>
  Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * columns, (i + 1) * columns)));
const distance = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);

function nearest(row: number[], centroids: number[][]): number {
  const distances = centroids.map((centroid) => distance(row, centroid));
  return distances.indexOf(Math.min(...distances));
}

/** Lloyd's algorithm with the rule for empty clusters, in plain loops. */
function reference(
  data: number[][],
  start: number[][],
  iterations: number,
): { centroids: number[][]; inertias: number[] } {
  let centroids = start;
  const inertias: number[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    const labels = data.map((row) => nearest(row, centroids));
    const far = data.map((row, i) => distance(row, centroids[labels[i]!]!));
    inertias.push(far.reduce((a, b) => a + b, 0));
    for (let cluster = 0; cluster < centroids.length; cluster++) {
      if (labels.includes(cluster)) continue;
      const free = far.map((value, i) => (labels.filter((label) => label === labels[i]).length > 1 ? value : 0));
      const farthest = free.indexOf(Math.max(...free));
      if (free[farthest] === 0) continue;
      labels[farthest] = cluster;
      far[farthest] = 0;
    }
    centroids = centroids.map((centroid, cluster) => {
      const members = data.filter((_, i) => labels[i] === cluster);
      return members.length === 0
        ? centroid
        : centroid.map((_, j) => members.reduce((sum, row) => sum + row[j]!, 0) / members.length);
    });
  }
  return { centroids, inertias };
}

const close = (got: ArrayLike<number>, wanted: number[]) => {
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) expect(got[i]).toBeCloseTo(wanted[i]!, 8);
};

describe('kMeans', () => {
  it('is Lloyd’s algorithm in plain loops, empty clusters included', async () => {
    let moved = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 25 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 6 }),
        fc.nat(),
        async (n, d, most, seed) => {
          const clusters = Math.min(n, most);
          const [data, start] = [random(n, d, seed), random(clusters, d, seed + 1)];
          // Centroids far away stay empty.
          if (seed % 2) for (let i = 0; i < d * Math.min(2, clusters - 1); i++) start.values[i]! += 50;
          moved += seed % 2;
          const result = await kMeans(data, clusters, { start, iterations: 3, tolerance: 0 });
          const { centroids, inertias } = reference(rowsOf(data), rowsOf(start), result.iterations);
          close(result.centroids.values, centroids.flat());
          close(result.inertiaHistory, inertias);
          expect(Array.from(result.assignments)).toEqual(
            rowsOf(data).map((row) => nearest(row, rowsOf(result.centroids))),
          );
          const inertia = rowsOf(data).reduce(
            (sum, row, i) => sum + distance(row, rowsOf(result.centroids)[result.assignments[i]!]!),
            0,
          );
          expect(result.inertia).toBeCloseTo(inertia, 8);
        },
      ),
      { numRuns: 80 },
    );
    expect(moved).toBeGreaterThan(0);
  });

  it('never gets worse, and stops when nothing moves', async () => {
    const result = await kMeans(random(200, 3, 1), 8, { rng: createRng(1), tolerance: 0, iterations: 1000 });
    expect(result.converged).toBe(true);
    expect(result.iterations).toBeLessThan(200);
    const falling = [...result.inertiaHistory, result.inertia];
    for (let i = 1; i < falling.length; i++) expect(falling[i]).toBeLessThanOrEqual(falling[i - 1]! + 1e-9);
    const early = await kMeans(random(200, 3, 1), 8, { rng: createRng(1), tolerance: 0.1 });
    expect(early.converged).toBe(true);
    expect(early.iterations).toBeLessThan(result.iterations);
    const cut = await kMeans(random(200, 3, 1), 8, { rng: createRng(1), tolerance: 0, iterations: 2 });
    expect([cut.converged, cut.iterations, cut.inertiaHistory.length]).toEqual([false, 2, 2]);
  });

  it('the same seed gives the same result, data and start stay as they are', async () => {
    const [data, start] = [random(40, 3, 2), random(4, 3, 3)];
    const kept = [data.values.slice(), start.values.slice()];
    for (const options of [
      {},
      { start: 'random' },
      { batchSize: 10, iterations: 5 },
      { start, batchSize: 3 },
    ] as KMeansOptions[]) {
      const [one, two, other] = await Promise.all(
        [5, 5, 6].map((seed) => kMeans(data, 4, { rng: createRng(seed), ...options })),
      );
      expect(one).toEqual(two);
      expect(one).not.toEqual(other);
    }
    await kMeans(data, 4, { start });
    expect([data.values, start.values]).toEqual(kept);
  });

  it('as many clusters as rows, or fewer different rows than clusters', async () => {
    const data = random(6, 2, 4);
    for (const start of ['k-means++', 'random'] as const) {
      const exact = await kMeans(data, 6, { rng: createRng(1), start });
      expect(exact.inertia).toBeCloseTo(0, 12);
      expect(new Set(exact.assignments).size).toBe(6);
      const same = createMatrix(new Float32Array(10).fill(2), 5);
      const result = await kMeans(same, 3, { rng: createRng(1), start });
      expect([result.inertia, result.converged, Array.from(result.centroids.values)]).toEqual([
        0,
        true,
        new Array(6).fill(2),
      ]);
    }
  });

  it('mini-batches make each centroid the mean of what it has seen', async () => {
    const data = random(50, 2, 7);
    const start = createMatrix(data.values.slice(0, 6), 3);
    const rng = createRng(3);
    const result = await kMeans(data, 3, { start, rng, batchSize: 7, iterations: 9 });
    const draws = createRng(3).stream('batches');
    const [rows, centroids] = [rowsOf(data), rowsOf(start)];
    const seen = [0, 0, 0];
    const inertias: number[] = [];
    for (let i = 0; i < 9; i++) {
      const batch = Array.from({ length: 7 }, () => rows[draws.integer(50)]!);
      const labels = batch.map((row) => nearest(row, centroids));
      inertias.push((50 / 7) * batch.reduce((sum, row, j) => sum + distance(row, centroids[labels[j]!]!), 0));
      // One row after the other, each with the weight 1 / rows seen.
      batch.forEach((row, j) => {
        const label = labels[j]!;
        seen[label]! += 1;
        centroids[label] = centroids[label]!.map((value, k) => value + (row[k]! - value) / seen[label]!);
      });
    }
    close(result.centroids.values, centroids.flat());
    close(result.inertiaHistory, inertias);
    expect([result.iterations, result.converged]).toEqual([9, false]);
    expect(Array.from(result.assignments)).toEqual(rows.map((row) => nearest(row, centroids)));
  });

  it('k-means++ draws in proportion to squared distances', () => {
    // From 0 the others have squared distances 1, 4, 9 …
    const data = createMatrix(Float64Array.of(0, 1, 2, 3), 4);
    const counts = new Map<string, number>();
    const draws = 20_000;
    for (let i = 0; i < draws; i++) {
      const pair = Array.from(plusPlusRows(data, 2, createRng(i))).join(' ');
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    for (let first = 0; first < 4; first++) {
      const weights = [0, 1, 2, 3].map((other) => (other - first) ** 2);
      const total = weights.reduce((a, b) => a + b, 0);
      weights.forEach((weight, second) => {
        const expected = (draws / 4) * (weight / total);
        const got = counts.get(`${first} ${second}`) ?? 0;
        expect(Math.abs(got - expected)).toBeLessThanOrEqual(5 * Math.sqrt(expected));
      });
    }
  });

  it('k-means++ with its short cuts draws what it would draw without', () => {
    const data = random(80, 20, 9);
    const rows = rowsOf(data);
    for (let seed = 0; seed < 20; seed++) {
      const rng = createRng(seed);
      const chosen = [rows[rng.integer(80)]!];
      while (chosen.length < 12) {
        const weights = rows.map((row) => Math.min(...chosen.map((centroid) => distance(row, centroid))));
        let left = rng.uniform() * weights.reduce((a, b) => a + b, 0);
        const next = weights.findIndex((weight) => {
          left -= weight;
          return left < 0;
        });
        chosen.push(rows[next]!);
      }
      expect(Array.from(plusPlusRows(data, 12, createRng(seed)))).toEqual(chosen.flat());
    }
  });

  const data = random(5, 2, 8);
  const rng = createRng(1);
  it.each([
    [data, 6, { rng }, 'linalg/bad-option', 'clusters: expected an integer in 1 … 5'],
    [data, 0, { rng }, 'linalg/bad-option', 'got 0'],
    [data, 2, {}, 'linalg/bad-option', 'needs rng'],
    [data, 2, { start: random(2, 2, 1), batchSize: 2 }, 'linalg/bad-option', 'needs rng'],
    [data, 2, { rng, iterations: 0 }, 'linalg/bad-option', 'iterations: expected an integer of at least 1'],
    [data, 2, { rng, batchSize: 1.5 }, 'linalg/bad-option', 'batchSize: expected an integer of at least 1, got 1.5'],
    [
      data,
      2,
      { rng, tolerance: Number.NaN },
      'linalg/bad-option',
      'tolerance: expected a finite number of at least 0, got NaN',
    ],
    [data, 2, { rng, start: 'first' as 'random' }, 'linalg/bad-option', "start: expected 'k-means++'"],
    [data, 2, { start: random(3, 2, 1) }, 'linalg/bad-shape', 'expected 2 × 2 centroids, got 3 × 2'],
    [
      data,
      1,
      { start: createMatrix(Float64Array.of(Number.NaN, 1), 1) },
      'linalg/not-finite',
      'start: expected finite values',
    ],
    [
      createMatrix(Float64Array.of(1, 2, Number.NEGATIVE_INFINITY, 4), 2),
      1,
      { rng },
      'linalg/not-finite',
      'got -Infinity in row 1, column 0',
    ],
    [null as unknown as Matrix, 1, { rng }, 'linalg/bad-shape', 'kMeans: expected { rows, columns'],
  ])('says what is wrong (%#)', async (rows, clusters, options, code, message) => {
    const error = await kMeans(rows, clusters, options).then(() => undefined, (reason: Error) => reason); // biome-ignore format: one call
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
