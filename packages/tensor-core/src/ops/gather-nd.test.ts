import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expectReference, gradientsOf, randomInput } from '../../test/reference-gradients.js';
import { expectNoLeak } from '../../test/tensors.js';
import { gatherNd } from './gather-nd.js';
import { scatterNd } from './scatter-nd.js';

/** First entry of the slice of x that a row of indices names, and how long the slice is. */
function slice(shape: readonly number[], row: readonly number[]): [start: number, length: number] {
  const length = shape.slice(row.length).reduce((product, size) => product * size, 1);
  return [row.reduce((place, index, axis) => place * shape[axis]! + index, 0) * length, length];
}

function gatherReference(shape: readonly number[], rows: readonly (readonly number[])[]) {
  return (x: number[]): number[] =>
    rows.flatMap((row) => {
      const [start, length] = slice(shape, row);
      return x.slice(start, start + length);
    });
}

function scatterReference(shape: readonly number[], rows: readonly (readonly number[])[]) {
  return (updates: number[]): number[] => {
    const y = new Array<number>(shape.reduce((product, size) => product * size, 1)).fill(0);
    rows.forEach((row, i) => {
      const [start, length] = slice(shape, row);
      for (let j = 0; j < length; j++) y[start + j]! += updates[i * length + j]!;
    });
    return y;
  };
}

/** A shape of rank 1 to 3 and places in it of any depth, repeated ones included. */
const places = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 })
  .chain((shape) => fc.tuple(fc.constant(shape), fc.integer({ min: 1, max: shape.length })))
  .chain(([shape, depth]) =>
    fc.record({
      shape: fc.constant(shape),
      rows: fc.array(fc.tuple(...shape.slice(0, depth).map((size) => fc.nat(size - 1))), {
        minLength: 1,
        maxLength: 8,
      }),
    }),
  );

describe('gatherNd and scatterNd', () => {
  it('gather: values and gradients are those of plain loops', () => {
    fc.assert(
      fc.property(places, ({ shape, rows }) => {
        const operation = (x: tf.Tensor) => gatherNd(x, tf.tensor2d(rows, undefined, 'int32'));
        expectReference(operation, gatherReference(shape, rows), [randomInput(shape, createRng(rows.length))]);
      }),
      { numRuns: 40 },
    );
  });

  it('scatter: values and gradients are those of plain loops', () => {
    fc.assert(
      fc.property(places, ({ shape, rows }) => {
        const operation = (updates: tf.Tensor) => scatterNd(tf.tensor2d(rows, undefined, 'int32'), updates, shape);
        const updates = randomInput([rows.length, ...shape.slice(rows[0]!.length)], createRng(rows.length));
        expectReference(operation, scatterReference(shape, rows), [updates]);
      }),
      { numRuns: 40 },
    );
  });

  it('takes indices of any rank', () => {
    tf.tidy(() => {
      const indices = tf.tensor([0, 0, 1, 1, 0, 1, 0, 0], [2, 2, 2], 'int32');
      const y = gatherNd(tf.tensor2d([[1, 2], [3, 4]]), indices); // biome-ignore format: a matrix
      expect(y.arraySync()).toEqual([[1, 4], [2, 1]]); // biome-ignore format: a matrix
    });
  });

  it('adds up where a place is read more than once', () => {
    const operation = (x: tf.Tensor) => gatherNd(x, tf.tensor2d([[2], [0], [2], [2]], undefined, 'int32'));
    expect(gradientsOf(operation, [{ shape: [3], values: [1, 2, 3] }], [1, 10, 100, 1000])).toEqual([[10, 0, 1101]]);
  });

  it('keeps its indices alive for the gradient, and leaves nothing behind', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    // The inner tidy disposes the indices before the gradient is taken.
    const loss = (a: tf.Tensor) =>
      tf.tidy(() => tf.sum(tf.square(gatherNd(a, tf.tensor2d([[1], [1]], undefined, 'int32')))));
    await expectNoLeak(() => {
      const gradient = tf.grad(loss)(x);
      expect(Array.from(gradient.dataSync())).toEqual([0, 8, 0]);
      gradient.dispose();
    });
    x.dispose();
  });

  it('names what does not fit', () => {
    tf.tidy(() => {
      const x = tf.zeros([2, 3]);
      const indices = tf.zeros([4, 1], 'int32');
      expect(() => gatherNd(x, tf.zeros([4, 3], 'int32'))).toThrow('K from 1 to the rank of x, 2, got [4,3]');
      expect(() => gatherNd(x, tf.zeros([4, 1]))).toThrow('indices: expected a int32 tensor, got float32');
      expect(() => gatherNd(tf.zeros([2, 3], 'int32'), indices)).toThrow('x: expected a float32 tensor');
      expect(() => gatherNd(x, tf.scalar(1, 'int32'))).toThrow('got []');
      expect(() => scatterNd(indices, tf.zeros([4, 2]), [2, 3])).toThrow(
        'updates: expected the shape [4,3], got [4,2]',
      );
      expect(() => scatterNd(tf.zeros([4, 3], 'int32'), tf.zeros([4]), [2, 3])).toThrow('got [4,3]');
    });
  });
});
