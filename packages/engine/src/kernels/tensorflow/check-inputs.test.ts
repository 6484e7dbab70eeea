import { beforeAll, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { useEngine } from '../../use-engine.js';

let name: string;

beforeAll(async () => {
  ({ name } = await useEngine({ log: () => {} }));
});

interface Asked {
  readonly shape: number[];
  readonly dtype: 'float32' | 'int32';
}

const ones = (...shape: number[]): Asked => ({ shape, dtype: 'float32' });
const whole = (...shape: number[]): Asked => ({ shape, dtype: 'int32' });
const c3 = { scale: ones(3), offset: ones(3), movingMean: ones(3), movingVariance: ones(3) };
const pool = { filterSize: 2, strides: 2, pad: 'valid' };

it.each<[kernel: string, inputs: Record<string, Asked>, attrs: object, message: string]>([
  ['TensorPapersBatchNorm', { x: whole(2, 3), ...c3 }, {}, 'x: expected a float32 tensor, got int32 of shape [2, 3]'],
  ['TensorPapersBatchNorm', { x: ones(2, 4), ...c3 }, {}, 'scale: expected shape [4], got [3]'],
  [
    'TensorPapersBatchNorm',
    { x: ones(0, 3), ...c3 },
    {},
    'x: expected at least one row and one channel, got shape [0, 3]',
  ],
  ['TensorPapersBias', { z: ones(2, 3), bias: ones(4) }, {}, 'bias: expected shape [3], got [4]'],
  ['TensorPapersBiasRelu', { z: ones(2, 3), bias: ones(2) }, {}, 'bias: expected shape [3], got [2]'],
  ['TensorPapersBiasReluGrad', { y: ones(2, 3), dy: ones(3, 2) }, {}, 'dy: expected shape [2, 3], got [3, 2]'],
  [
    'TensorPapersSoftmaxCrossEntropy',
    { logits: ones(2, 3), labels: ones(2) },
    {},
    'labels: expected shape [2, 3], got [2]',
  ],
  ['TensorPapersSigmoidCrossEntropy', { logits: ones(2) }, {}, 'labels: expected a float32 tensor, got nothing'],
  [
    'TensorPapersLargestProduct',
    { x: ones(2, 3), c: ones(1, 4, 2), b: ones(1, 4), own: ones(1) },
    {},
    'x: expected shape [2, 2], got [2, 3]',
  ],
  [
    'TensorPapersLargestProduct',
    { x: ones(2, 4), c: ones(2, 4, 2), b: ones(4), own: ones(1) },
    {},
    'b: expected shape [2, 4], got [4]',
  ],
  [
    'TensorPapersLargestProduct',
    { x: ones(2, 3), c: ones(1, 0, 3), b: ones(1, 0), own: ones(1) },
    {},
    'c: expected shape [p, k, d], none 0, got [1, 0, 3]',
  ],
  ['TensorPapersCorrelateSigns', { x: ones(4), r: ones(4, 2) }, {}, 'x: expected shape [n, d], got [4]'],
  ['TensorPapersCorrelateSigns', { x: ones(2, 4), r: ones(3, 2) }, {}, 'r: expected shape [4, 2], got [3, 2]'],
  ['TensorPapersDropout', { x: ones(2) }, { rate: 1, seed: 1 }, 'rate: expected 0 ≤ rate < 1, got 1'],
  ['TensorPapersPreluGrad', { x: ones(2), alpha: ones(1), dy: ones(3) }, {}, 'dy: expected shape [2], got [3]'],
  ['TensorPapersSgd', { w0: ones(2), g0: ones(3), settings: ones(2) }, {}, 'g0: expected shape [2], got [3]'],
  [
    'MaxPoolGrad',
    { dy: ones(1, 3, 3, 1), input: ones(1, 4, 4, 1) },
    pool,
    'dy: expected shape [1, 2, 2, 1], got [1, 3, 3, 1]',
  ],
])('%s says which input is wrong (%#)', (kernel, asked, attrs, message) => {
  if (name !== 'tensorflow') return;
  const inputs = Object.fromEntries(
    Object.entries(asked).map(([input, { shape, dtype }]) => [input, tf.ones(shape, dtype)]),
  );
  const before = tf.memory().numTensors;
  const run = () => tf.engine().runKernel(kernel, inputs, attrs as tf.NamedAttrMap);
  expect(run).toThrow(`${kernel}: ${message}`);
  expect(run).toThrow(expect.objectContaining({ code: 'engine/kernel-input' }));
  expect(tf.memory().numTensors).toBe(before);
});
