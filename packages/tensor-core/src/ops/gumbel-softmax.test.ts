import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import {
  expectClose,
  expectReference,
  gradientsOf,
  input,
  randomInput,
  toTensor,
  valuesOf,
} from '../../test/reference-gradients.js';
import { expectNoLeak } from '../../test/tensors.js';
import { gumbelNoise } from './gumbel-noise.js';
import { type GumbelSoftmaxOptions, gumbelSoftmax } from './gumbel-softmax.js';

const draw = (options: GumbelSoftmaxOptions) => (logits: tf.Tensor, noise: tf.Tensor) =>
  gumbelSoftmax(logits, noise, options);
const LOGITS = input([3], [1, 0.2, -0.5]);
const NOISE = input([3], [-0.185627, 2.250367, 0.366513]);

describe('gumbelSoftmax', () => {
  it('values by hand', () => {
    expectClose(valuesOf(draw({}), [LOGITS, NOISE]), [0.153324, 0.787252, 0.059424]);
    expectClose(valuesOf(draw({ temperature: 0.5 }), [LOGITS, NOISE]), [0.036345, 0.958195, 0.005459]);
    expect(valuesOf(draw({ temperature: 0.5, hard: true }), [LOGITS, NOISE])).toEqual([0, 1, 0]);
  });

  it('the straight-through gradient by hand: that of the soft result', () => {
    const expected = [0.208558, -0.250805, 0.042246];
    for (const hard of [true, false]) {
      const [logits, noise] = gradientsOf(draw({ temperature: 0.5, hard }), [LOGITS, NOISE], [2, -1, 3]);
      expectClose(logits!, expected);
      expectClose(noise!, expected);
    }
  });

  it('values and gradients are those of plain loops', () => {
    const loops = (logits: number[], noise: number[]) =>
      [0, 4].flatMap((start) => {
        const powers = [0, 1, 2, 3].map((k) => Math.exp((logits[start + k]! + noise[start + k]!) / 0.7));
        const sum = powers.reduce((total, power) => total + power, 0);
        return powers.map((power) => power / sum);
      });
    const rng = createRng(1);
    expectReference(draw({ temperature: 0.7 }), loops, [randomInput([2, 1, 4], rng), randomInput([2, 1, 4], rng)]);
  });

  it('hard values are exactly one-hot, ties at the lowest index, also at a temperature that overflows', () => {
    const logits = input([2, 3], [1, 1, 0, -3, 500, 499]);
    const noise = input([2, 3], [0, 0, 0, 0, 0, 0]);
    expect(valuesOf(draw({ temperature: 1e-3, hard: true }), [logits, noise])).toEqual([1, 0, 0, 0, 1, 0]);
    expect(valuesOf(draw({ temperature: 1e4, hard: true }), [logits, noise])).toEqual([1, 0, 0, 0, 1, 0]);
  });

  it('draws each class with its probability, and the same for the same seed', () => {
    const draws = 20_000;
    tf.tidy(() => {
      const logits = tf.tile(tf.tensor2d([[1, 0.2, -0.5]]), [draws, 1]);
      const noise = gumbelNoise([draws, 3], createRng(3));
      const shares = tf.mean(gumbelSoftmax(logits, noise, { hard: true }), 0).dataSync();
      const expected = tf.softmax(tf.tensor1d([1, 0.2, -0.5])).dataSync();
      shares.forEach((share, k) => {
        expect(Math.abs(share - expected[k]!)).toBeLessThan(0.015);
      });
      expect(Array.from(gumbelNoise([draws, 3], createRng(3)).dataSync())).toEqual(Array.from(noise.dataSync()));
    });
  });

  it('leaves nothing behind and names what does not fit', async () => {
    const [logits, noise] = [toTensor(LOGITS), toTensor(NOISE)];
    await expectNoLeak(() => {
      gumbelSoftmax(logits, noise, { hard: true }).dispose();
      tf.grad((x) => tf.sum(tf.square(gumbelSoftmax(x, noise, { hard: true }))))(logits).dispose();
      gumbelNoise([2, 2], createRng(1)).dispose();
    });
    expect(() => gumbelSoftmax(logits, noise, { temperature: 0 })).toThrow(
      'temperature: expected a finite number above 0',
    );
    tf.tidy(() => {
      expect(() => gumbelSoftmax(logits, tf.zeros([1, 3]))).toThrow(
        'noise: expected the shape of logits, [3], got [1,3]',
      );
      expect(() => gumbelSoftmax(tf.scalar(1), tf.scalar(1))).toThrow('logits: expected [..., K]');
    });
    tf.dispose([logits, noise]);
  });
});
