import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { closenessOf, differences, distance, leak, matrix, normals, type Rows } from '../../test/support.js';
import {
  cosineSimilarity,
  type Distance,
  dotProduct,
  EmbeddingsError,
  EmptyBatchError,
  euclideanDistance,
  NonFiniteError,
  squaredEuclideanDistance,
} from '../index.js';

const all: readonly (readonly [string, Distance, boolean])[] = [
  ['cosine', cosineSimilarity(), true],
  ['dot', dotProduct(), false],
  ['dot of unit rows', dotProduct({ normalize: true }), true],
  ['euclidean', euclideanDistance(), true],
  ['euclidean of rows as they are', euclideanDistance({ normalize: false }), false],
  ['squared', squaredEuclideanDistance(), true],
  ['squared of rows as they are', squaredEuclideanDistance({ normalize: false }), false],
];

const sizes = fc.record({
  seed: fc.nat(),
  a: fc.integer({ min: 1, max: 6 }),
  b: fc.integer({ min: 1, max: 6 }),
  width: fc.integer({ min: 1, max: 5 }),
});
const runs = { numRuns: 15, seed: 1 };

const values = ({ name, largerIsCloser }: Distance, normalised: boolean, a: Rows, b?: Rows): Rows =>
  closenessOf(name, normalised, a, b).map((row) => row.map((value) => (largerIsCloser ? value : -value)));

/** A weighted sum of all values, dense or with few weights, and its gradients. */
function weighted(weights: Rows, rows: Rows): number {
  return rows.reduce((sum, row, i) => sum + row.reduce((s, value, j) => s + weights[i]![j]! * value, 0), 0);
}

describe.each(all)('%s', (_, measure, normalised) => {
  it('is what plain loops give, and its gradient that of finite differences', () => {
    fc.assert(
      fc.property(sizes, fc.boolean(), ({ seed, a, b, width }, dense) => {
        const rng = createRng(seed);
        const [x, y] = [normals(rng, a, width), normals(rng, b, width)];
        const weights = normals(rng, a, b).map((row, i) =>
          row.map((weight, j) => (dense || (i === 0 && j === 0) ? weight : 0)),
        );
        const f = (p: tf.Tensor, q: tf.Tensor) =>
          tf.sum(tf.mul(measure.matrix(p as tf.Tensor2D, q as tf.Tensor2D), matrix(weights))) as tf.Scalar;
        tf.tidy(() => {
          expect(
            distance(measure.matrix(matrix(x), matrix(y)).arraySync(), values(measure, normalised, x, y)),
          ).toBeLessThan(2e-5);
          const [dx, dy] = tf.grads(f)([matrix(x), matrix(y)]) as [tf.Tensor2D, tf.Tensor2D];
          // Length 1 in one dimension: the gradient is 0, and differences see the sign change of a row through 0.
          if (normalised && width === 1) return;
          const ofX = differences(x, (rows) => weighted(weights, values(measure, normalised, rows, y)));
          const ofY = differences(y, (rows) => weighted(weights, values(measure, normalised, x, rows)));
          const scale = Math.max(1, ...ofX.flat().map(Math.abs), ...ofY.flat().map(Math.abs));
          expect(distance(dx.arraySync(), ofX) / scale).toBeLessThan(2e-4);
          expect(distance(dy.arraySync(), ofY) / scale).toBeLessThan(2e-4);
        });
      }),
      runs,
    );
  });

  it('within one set adds the gradients of both sides', () => {
    const x = normals(createRng(5), 5, 3);
    const weights = normals(createRng(6), 5, 5);
    const sum = (m: tf.Tensor) => tf.sum(tf.mul(m, matrix(weights))) as tf.Scalar;
    const within = tf.grad((p) => sum(measure.matrix(p as tf.Tensor2D)))(matrix(x));
    const both = tf.grads((p, q) => sum(measure.matrix(p as tf.Tensor2D, q as tf.Tensor2D)))([matrix(x), matrix(x)]);
    expect(distance(within.arraySync(), tf.add(both[0]!, both[1]!).arraySync())).toBeLessThan(1e-5);
  });

  it('gives no gradient to a constant reference', () => {
    const [x, y] = [matrix([[1, 2]]), matrix([[2, 1]])];
    const f = (options: object) => (p: tf.Tensor, q: tf.Tensor) =>
      tf.sum(measure.matrix(p as tf.Tensor2D, q as tf.Tensor2D, options)) as tf.Scalar;
    const free = tf.grads(f({}))([x, y])[0]!.arraySync();
    const constant = tf
      .grad((p) => f({ constantReference: true })(p, y))(x)
      .arraySync();
    expect(distance(constant, free)).toBe(0);
  });

  it('leaves no tensors, forward and backward', async () => {
    const x = matrix(normals(createRng(2), 6, 4));
    const gradient = tf.grad((p) => tf.sum(measure.matrix(p as tf.Tensor2D)));
    expect(await leak(() => measure.matrix(x).dispose())).toBe(0);
    expect(await leak(() => gradient(x).dispose())).toBe(0);
  });

  it('refuses what does not fit', () => {
    const x = matrix([[1, 2]]);
    expect(() => measure.matrix(tf.zeros([2, 3], 'int32'))).toThrow(EmbeddingsError);
    expect(() => measure.matrix(tf.zeros([2]) as unknown as tf.Tensor2D)).toThrow(EmbeddingsError);
    expect(() => measure.matrix(null as unknown as tf.Tensor2D)).toThrow(EmbeddingsError);
    expect(() => measure.matrix(tf.zeros([0, 3]))).toThrow(EmptyBatchError);
    expect(() => measure.matrix(x, tf.zeros([2, 3]))).toThrow(EmbeddingsError);
    expect(() => measure.matrix(matrix([[1, Number.NaN]]))).toThrow(NonFiniteError);
    expect(() =>
      measure.matrix(
        x,
        matrix([
          [1, 2],
          [Number.POSITIVE_INFINITY, 0],
        ]),
      ),
    ).toThrow('row 1, column 0');
  });
});

describe('distances of nearly equal rows', () => {
  it('are exact, and 0 with gradient 0 where rows are equal', () => {
    const near = normals(createRng(4), 1, 8)[0]!.map(Math.fround);
    const moved = near.map((value, i) => Math.fround(value + 1e-4 * (i % 3)));
    for (const normalize of [false, true]) {
      const d = euclideanDistance({ normalize })
        .matrix(matrix([near, moved, near]))
        .arraySync();
      const expected = -closenessOf('euclidean', normalize, [near, moved])[0]![1]!;
      expect(Math.abs(d[0]![1]! - expected)).toBeLessThan(1e-3 * expected);
      expect(d[0]![2]).toBe(0);
    }
    const x = [near, moved, near];
    const gradient = tf.grad((p) => tf.sum(euclideanDistance().matrix(p as tf.Tensor2D)))(matrix([x[0]!, x[2]!]));
    expect(gradient.abs().sum().dataSync()[0]).toBe(0);
  });
});

describe('a row of zeros', () => {
  it('has cosine 0 with all rows, distance 1 from unit rows, and gradient 0', () => {
    const x = matrix([
      [0, 0],
      [3, 4],
    ]);
    expect(cosineSimilarity().matrix(x).arraySync()[0]).toEqual([0, 0]);
    expect(euclideanDistance().matrix(x).arraySync()[0]).toEqual([0, 1]);
    for (const measure of [cosineSimilarity(), euclideanDistance(), squaredEuclideanDistance()]) {
      const gradient = tf
        .grad((p) => tf.sum(measure.matrix(p as tf.Tensor2D)))(x)
        .arraySync() as Rows;
      expect(gradient[0]).toEqual([0, 0]);
      expect(gradient.flat().every(Number.isFinite)).toBe(true);
    }
  });

  it('does not overflow or vanish for long and short rows', () => {
    const x = matrix([
      [3e30, 4e30],
      [3e-10, 4e-10],
    ]);
    expect(
      distance(cosineSimilarity().matrix(x).arraySync(), [
        [1, 1],
        [1, 1],
      ]),
    ).toBeLessThan(1e-6);
  });
});
