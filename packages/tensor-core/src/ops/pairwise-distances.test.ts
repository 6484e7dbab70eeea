import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {
  expectClose,
  expectReference,
  gradientsOf,
  input,
  type Operation,
  randomInput,
  toTensor,
  valuesOf,
} from '../../test/reference-gradients.js';
import { expectNoLeak } from '../../test/tensors.js';
import { type DistanceMetric, type PairwiseDistancesOptions, pairwiseDistances } from './pairwise-distances.js';

const between =
  (options: PairwiseDistancesOptions): Operation =>
  (a, b) =>
    pairwiseDistances(a as tf.Tensor2D, b as tf.Tensor2D, options);
const within =
  (options: PairwiseDistancesOptions): Operation =>
  (a) =>
    pairwiseDistances(a as tf.Tensor2D, undefined, options);

/** The distance of two rows by definition. */
const DEFINITION: Record<DistanceMetric, (a: number[], b: number[]) => number> = {
  squaredEuclidean: (a, b) => a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0),
  euclidean: (a, b) => Math.hypot(...a.map((value, i) => value - b[i]!)),
  cosine: (a, b) =>
    a.every((x) => x === 0) || b.every((x) => x === 0)
      ? 1
      : 1 - a.reduce((sum, value, i) => sum + value * b[i]!, 0) / (Math.hypot(...a) * Math.hypot(...b)),
};

const rowsOf = (values: readonly number[], width: number) =>
  Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));
const reference = (metric: DistanceMetric, width: number) => (a: readonly number[], b: readonly number[]) =>
  rowsOf(a, width).flatMap((left) => rowsOf(b, width).map((right) => DEFINITION[metric](left, right)));

const ALL: PairwiseDistancesOptions[] = (['squaredEuclidean', 'euclidean', 'cosine'] as const).flatMap((metric) =>
  (['product', 'difference'] as const).map((method) => ({ metric, method })),
);

describe.each(ALL)('pairwiseDistances %p', (options) => {
  const metric = options.metric!;

  it('values and gradients are those of plain loops', () => {
    const size = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 2, max: 6 }), fc.nat(), (n, m, width, seed) => {
        const rng = createRng(seed);
        const inputs = [randomInput([n, width], rng), randomInput([m, width], rng)];
        // Nearly equal rows have too few digits left, and a kink.
        fc.pre(reference('euclidean', width)(inputs[0]!.values, inputs[1]!.values).every((distance) => distance > 0.1));
        const gradientTolerance = 1e-3;
        expectReference(between(options), reference(metric, width), inputs, { tolerance: 1e-4, gradientTolerance });
      }),
      { numRuns: 25 },
    );
  });

  it('within one set: symmetric, exactly 0 on the diagonal, gradients of both sides added', () => {
    const rows = randomInput([5, 3], createRng(1));
    const values = valuesOf(within(options), [rows]);
    for (let i = 0; i < 5; i++) {
      expect(values[6 * i]).toBe(0);
      for (let j = 0; j < i; j++) expect(values[5 * i + j]).toBeCloseTo(values[5 * j + i]!, 5);
    }
    const upstream = values.map((_, i) => (i % 6 === 0 ? 0 : Math.cos(i)));
    const [gradient] = gradientsOf(within(options), [rows], upstream);
    const [left, right] = gradientsOf(between(options), [rows, rows], upstream);
    expectClose(gradient!, left!.map((value, i) => value + right![i]!), 1e-4); // biome-ignore format: one sum
  });

  it('equal rows and rows of zeros have finite gradients, those of distance 0 are 0', () => {
    const rows = input([4, 2], [1, 2, 1, 2, 0, 0, 3, -1]);
    const values = valuesOf(within(options), [rows]);
    expect(values[1]).toBeCloseTo(0, 6);
    if (metric === 'cosine') expectClose(values.slice(8, 12), [1, 1, 0, 1]);
    const gradients = gradientsOf(within(options), [rows], values.map(() => 1)).flat(); // biome-ignore format: short
    expect(gradients.every(Number.isFinite)).toBe(true);
    const pair = input([2, 2], [0.3, -0.7, 0.3, -0.7]);
    expectClose(gradientsOf(between(options), [pair, pair], [1, 1, 1, 1]).flat(), new Array(8).fill(0), 1e-6);
  });
});

describe('pairwiseDistances', () => {
  it('is Euclidean unless told, and keeps its digits far from the origin', () => {
    const far = input([2, 2], [1000, 1000, 1000.25, 1000]);
    expectClose(valuesOf(within({}), [far]), [0, 0.25, 0.25, 0], 1e-6);
  });

  it('equal rows of many numbers have distance exactly 0 and gradient 0, in spite of rounding', () => {
    const rows = randomInput([30, 100], createRng(4));
    const values = valuesOf(between({}), [rows, rows]);
    const diagonal = values.map((_, i) => i % 31 === 0);
    expect(values.map((value, i) => (value === 0) === diagonal[i])).not.toContain(false);
    const gradients = gradientsOf(between({}), [rows, rows], diagonal.map(Number)).flat();
    expectClose(gradients, new Array(6000).fill(0), 0);
  });

  it('the method difference is exact for rows that nearly coincide', () => {
    const rows = input([3, 1], [1, 1 + 2 ** -20, -50]);
    expect(valuesOf(within({ method: 'difference' }), [rows])[1]).toBe(2 ** -20);
    expect(valuesOf(within({ method: 'product' }), [rows])[1]).toBe(0);
  });

  it('leaves nothing behind and names what does not fit', async () => {
    const rows = toTensor(randomInput([4, 3], createRng(2))) as tf.Tensor2D;
    await expectNoLeak(() => {
      for (const options of ALL) tf.dispose(tf.grad((x) => tf.sum(within(options)(x)))(rows));
      pairwiseDistances(rows, rows).dispose();
    });
    tf.tidy(() => {
      expect(() => pairwiseDistances(rows, tf.zeros([4, 2]))).toThrow(
        'pairwiseDistances: b: expected the shape [M, 3], got [4, 2]',
      );
      expect(() => pairwiseDistances(tf.zeros([3]) as unknown as tf.Tensor2D)).toThrow('a: expected the shape [N, D]');
      expect(() => pairwiseDistances(rows, rows, { metric: 'l1' as 'cosine' })).toThrow('metric: expected one of');
      expect(() => pairwiseDistances(rows, rows, { method: 'fast' as 'product' })).toThrow('method: expected one of');
    });
    rows.dispose();
  });
});
