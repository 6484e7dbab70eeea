import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { useEngine } from './use-engine.js';

beforeAll(async () => {
  await useEngine({ log: () => {} });
});

/** Trains a small net with batch normalisation and dropout for some steps and hashes every bit of its weights. */
function train(seed: number): string {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        ...{ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [16, 16, 3] },
        kernelInitializer: tf.initializers.heUniform({ seed }),
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({
        ...{ filters: 32, kernelSize: 3, strides: 2, padding: 'same', useBias: false },
        kernelInitializer: tf.initializers.heUniform({ seed: seed + 1 }),
      }),
      tf.layers.batchNormalization(),
      tf.layers.reLU(),
      tf.layers.flatten(),
      tf.layers.dropout({ rate: 0.2, seed }),
      tf.layers.dense({ units: 10, kernelInitializer: tf.initializers.glorotUniform({ seed: seed + 2 }) }),
    ],
  });
  const optimizer = tf.train.adam(1e-2);
  for (let step = 0; step < 8; step++) {
    const x = tf.randomNormal([32, 16, 16, 3], 0, 1, 'float32', seed + step);
    const y = tf.oneHot(tf.range(0, 32, 1, 'int32').mod(10).toInt(), 10, 1, 0, 'float32');
    optimizer.minimize(
      () => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar,
    );
    tf.dispose([x, y]);
  }
  const hash = createHash('sha256');
  for (const weight of model.getWeights()) hash.update(new Uint8Array(weight.dataSync().slice().buffer));
  model.dispose();
  optimizer.dispose();
  return hash.digest('hex');
}

describe('same seed, engine and threads', () => {
  it('gives the same weights to the bit, another seed other ones', () => {
    const first = train(1);
    for (let again = 0; again < 3; again++) expect(train(1)).toBe(first);
    expect(train(2)).not.toBe(first);
  });
});
