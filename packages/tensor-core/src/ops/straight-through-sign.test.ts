import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { gradientsOf, input, valuesOf } from '../../test/reference-gradients.js';
import { expectNoLeak } from '../../test/tensors.js';
import { straightThroughSign } from './straight-through-sign.js';

const X = [input([2, 3], [-2, -1, -0.5, 0, 1, 1.5])];
const UPSTREAM = [1, 2, 3, 4, 5, 6];

describe('straightThroughSign', () => {
  it('is −1 below 0 and +1 from 0 on', () => {
    expect(valuesOf((x) => straightThroughSign(x), X)).toEqual([-1, -1, -1, 1, 1, 1]);
    expect(valuesOf((x) => straightThroughSign(x), [input([2], [-0, -1e-30])])).toEqual([1, -1]);
  });

  it('hands the gradient on, within the window only', () => {
    expect(gradientsOf((x) => straightThroughSign(x), X, UPSTREAM)).toEqual([UPSTREAM]);
    expect(gradientsOf((x) => straightThroughSign(x, { window: 1 }), X, UPSTREAM)).toEqual([[0, 2, 3, 4, 5, 0]]);
  });

  it('adds its gradient to that of other uses of x', () => {
    const twice = (x: tf.Tensor) => tf.add(tf.add(straightThroughSign(x), straightThroughSign(x)), x);
    expect(gradientsOf(twice, X, UPSTREAM)).toEqual([UPSTREAM.map((value) => 3 * value)]);
  });

  it('gives a gradient of its own, not the one that arrived', () => {
    tf.tidy(() => {
      const dy = tf.tensor1d([2, 3]);
      tf.grad((x) => straightThroughSign(x))(tf.tensor1d([1, -1]), dy).dispose();
      expect(dy.isDisposed).toBe(false);
    });
  });

  it('leaves nothing behind and names what does not fit', async () => {
    const x = tf.tensor1d([1, -1]);
    await expectNoLeak(() => {
      straightThroughSign(x).dispose();
      tf.grad((y) => tf.sum(straightThroughSign(y, { window: 1 })))(x).dispose();
    });
    expect(() => straightThroughSign(x, { window: 0 })).toThrow('window: expected a number above 0, got 0');
    expect(() => straightThroughSign(x, { window: Number.NaN })).toThrow('got NaN');
    tf.tidy(() => {
      expect(() => straightThroughSign(tf.zeros([2], 'int32'))).toThrow('expected a float32 tensor, got int32');
    });
    x.dispose();
  });
});
