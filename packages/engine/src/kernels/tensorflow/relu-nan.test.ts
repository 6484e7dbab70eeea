import { beforeAll, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { useEngine } from '../../use-engine.js';

let name: string;
beforeAll(async () => {
  ({ name } = await useEngine({ log: () => {} }));
});

const run = (kernel: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap = {}) => {
  const outputs = tf.engine().runKernel(kernel, inputs, attributes);
  return (Array.isArray(outputs) ? outputs[0] : outputs) as tf.Tensor;
};

// A training that diverges is noticed by its NaN: no ReLU may turn one into 0.
it.each([
  ['alone', (z: tf.Tensor) => tf.relu(z)],
  ['with a bias', (z: tf.Tensor) => run('TensorPapersBiasRelu', { z, bias: tf.zeros([3]) })],
  [
    'after batch normalisation',
    (x: tf.Tensor) => {
      const [scale, offset] = [tf.ones([3]), tf.zeros([3])];
      const inputs = { x, scale, offset, movingMean: offset, movingVariance: scale };
      return tf.relu(run('TensorPapersBatchNorm', inputs, { epsilon: 0.1, momentum: 0.9 }));
    },
  ],
])('NaN passes through a ReLU %s', async (_, layer) => {
  // Other engines clip NaN: stock kernels, which are not replaced.
  if (name !== 'tensorflow') return;
  const y = tf.tidy(() =>
    layer(
      tf.tensor2d([
        [Number.NaN, -9, 2],
        [1, 2, 3],
      ]),
    ),
  );
  const values = await y.data();
  y.dispose();
  expect(values[0]).toBeNaN();
  expect(values[1]).toBe(0);
});
