import { beforeAll, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { useEngine } from '../../use-engine.js';

beforeAll(async () => {
  await useEngine({ log: () => {} });
});

// The first derivatives are cases of the conformance table. Of sigmoid and tanh TensorFlow.js itself has no second one.
it('softplus keeps its second derivative', async () => {
  const points = [-1.5, -0.2, 0.3, 2];
  const got = await tf
    .grad((t) => tf.grad((x: tf.Tensor) => tf.softplus(x))(t))(tf.tensor1d(points))
    .data();
  for (const [i, x] of points.entries()) {
    const s = 1 / (1 + Math.exp(-x));
    expect(got[i]).toBeCloseTo(s * (1 - s), 5);
  }
});

it('leaves nothing behind', () => {
  const gradient = tf.grad((x) => tf.tanh(tf.sigmoid(x)));
  const x = tf.tensor1d([1, 2]);
  gradient(x).dispose();
  const before = tf.memory().numTensors;
  gradient(x).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
