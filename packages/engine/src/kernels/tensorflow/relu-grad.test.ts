import { beforeAll, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { useEngine } from '../../use-engine.js';

beforeAll(async () => {
  await useEngine({ log: () => {} });
});

it('is dy where x > 0 and 0 elsewhere, with nothing left behind', async () => {
  const x = tf.tensor1d([-2, -0, 0, 1e-30, 3, 5]);
  const dy = tf.tensor1d([1, 2, 3, 4, 5, -6]);
  const gradient = tf.grad((t) => tf.relu(t));
  const before = tf.memory().numTensors;
  const got = gradient(x, dy);
  expect(tf.memory().numTensors).toBe(before + 1);
  expect(Array.from(await got.data())).toEqual([0, 0, 0, 4, 5, -6]);
});

it('has a gradient of its own: relu is differentiable twice', async () => {
  const second = tf.grad((t) => tf.grad((u) => tf.square(tf.relu(u)))(t));
  expect(Array.from(await second(tf.tensor1d([-1, 2, 3])).data())).toEqual([0, 2, 2]);
});
