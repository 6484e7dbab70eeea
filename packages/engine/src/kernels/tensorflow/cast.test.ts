import { beforeAll, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { useEngine } from '../../use-engine.js';

beforeAll(async () => {
  await useEngine({ log: () => {} });
});

it('shares the data of a cast to the same type, which outlive the tensor that had them first', () => {
  const x = tf.tensor1d([1, 2, 3]);
  const y = tf.cast(x, 'float32');
  expect(y.id).not.toBe(x.id);
  expect(y.dataId).toBe(x.dataId);
  x.dispose();
  expect(Array.from(y.dataSync())).toEqual([1, 2, 3]);
  y.dispose();
});

it('casts to another type', () => {
  const y = tf.cast(tf.tensor1d([1.7, -1.7, 0]), 'int32');
  expect(Array.from(y.dataSync())).toEqual([1, -1, 0]);
});
