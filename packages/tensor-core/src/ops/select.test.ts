import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expectReference, gradientsOf, randomInput, valuesOf } from '../../test/reference-gradients.js';
import { expectNoLeak } from '../../test/tensors.js';
import { mapWhere } from './map-where.js';
import { select } from './select.js';

/** Value of a tensor of that shape at a place of the common shape [2, 3, 4]. */
function at(values: readonly number[], shape: readonly number[], place: readonly number[]): number {
  const own = place.slice(place.length - shape.length);
  return values[shape.reduce((index, size, axis) => index * size + (size === 1 ? 0 : own[axis]!), 0)]!;
}

const COMMON = [2, 3, 4];
const PLACES = Array.from({ length: 24 }, (_, i) => [Math.floor(i / 12), Math.floor(i / 4) % 3, i % 4]);
/** Shapes that broadcast to the common one. */
const shape = fc
  .tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.nat(3))
  .map(([a, b, c, cut]) => COMMON.map((size, axis) => ([a, b, c][axis] ? size : 1)).slice(cut));

describe('select', () => {
  it('values and gradients are those of plain loops, under any broadcasting', () => {
    fc.assert(
      fc.property(shape, shape, shape, fc.nat(), (condition, a, b, seed) => {
        const rng = createRng(seed);
        const flags = randomInput(condition, rng).values.map((value) => value > 0);
        const operation = (x: tf.Tensor, y: tf.Tensor, full: tf.Tensor) =>
          tf.add(select(tf.tensor(flags, condition, 'bool'), x, y), full);
        const reference = (x: number[], y: number[], full: number[]) =>
          PLACES.map(
            (place, i) => (at(flags.map(Number), condition, place) ? at(x, a, place) : at(y, b, place)) + full[i]!,
          );
        expectReference(operation, reference, [randomInput(a, rng), randomInput(b, rng), randomInput(COMMON, rng)]);
      }),
      { numRuns: 60 },
    );
  });

  it('lets no NaN and no infinity through from the branch not taken', () => {
    const inputs = [
      { shape: [3], values: [Number.NaN, 2, Number.POSITIVE_INFINITY] },
      { shape: [3], values: [5, Number.NaN, 7] },
    ];
    const operation = (a: tf.Tensor, b: tf.Tensor) => select(tf.tensor1d([false, true, false], 'bool'), a, b);
    expect(valuesOf(operation, inputs)).toEqual([5, 2, 7]);
    const upstream = [Number.NaN, 3, Number.POSITIVE_INFINITY];
    expect(gradientsOf(operation, inputs, upstream)).toEqual([
      [0, 3, 0],
      [Number.NaN, 0, Number.POSITIVE_INFINITY],
    ]);
  });

  it('keeps the condition alive for the gradient, and leaves nothing behind', async () => {
    const [a, b] = [tf.tensor1d([1, -2]), tf.tensor1d([3, 4])];
    const loss = (x: tf.Tensor, y: tf.Tensor) => tf.tidy(() => tf.sum(select(tf.greater(x, 0), x, y)));
    await expectNoLeak(() => {
      const [da, db] = tf.grads(loss)([a, b]);
      expect([da!, db!].map((gradient) => Array.from(gradient.dataSync()))).toEqual([
        [1, 0],
        [0, 1],
      ]);
      tf.dispose([da!, db!]);
      tf.dispose(loss(a, b));
    });
    tf.dispose([a, b]);
  });

  it('names what does not fit', () => {
    tf.tidy(() => {
      const yes = tf.tensor1d([true, false], 'bool');
      expect(() => select(tf.ones([2]), tf.ones([2]), tf.ones([2]))).toThrow('condition: expected a bool tensor');
      expect(() => select(yes, tf.ones([3]), tf.ones([2]))).toThrow(
        'select: expected shapes that broadcast to one another, got [2] and [3] and [2]',
      );
      expect(() => select(yes, tf.ones([2], 'int32'), tf.ones([2]))).toThrow('a: expected a float32 tensor, got int32');
    });
  });
});

describe('mapWhere', () => {
  const root = (x: tf.Tensor) => mapWhere(tf.greater(x, 0), x, tf.sqrt);

  it('is f where the condition holds, else the other value, with gradient 0 where f has none', () => {
    const inputs = [{ shape: [4], values: [4, 0, -1, 0.25] }];
    expect(valuesOf(root, inputs)).toEqual([2, 0, 0, 0.5]);
    expect(gradientsOf(root, inputs, [1, 1, 1, 1])).toEqual([[0.25, 0, 0, 1]]);
  });

  it('takes another safe value and another result', () => {
    const logarithm = (x: tf.Tensor) =>
      mapWhere(tf.less(x, 0), x, (y) => tf.log(tf.neg(y)), { safe: -1, otherwise: 9 });
    const inputs = [{ shape: [2], values: [-1, 0] }];
    expect(valuesOf(logarithm, inputs)).toEqual([0, 9]);
    expect(gradientsOf(logarithm, inputs, [1, 1])).toEqual([[-1, 0]]);
  });

  it('refuses a condition of another shape', () => {
    tf.tidy(() => {
      expect(() => mapWhere(tf.tensor1d([true], 'bool'), tf.ones([2]), tf.sqrt)).toThrow(
        "expected x's shape [2], got [1]",
      );
    });
  });
});
