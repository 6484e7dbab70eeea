import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { syntheticData } from '../../test/synthetic-data.js';
import { expectNoLeak } from '../../test/tensors.js';
import { mlp } from '../nn/backbones/mlp.js';
import { ModelOutputError, TrainOptionError } from './errors.js';
import { predictLogits } from './predict-logits.js';

describe('predictLogits', () => {
  const data = syntheticData({ length: 10 });
  const makeModel = () => mlp({ hidden: [5], dropout: 0.5 })({ seed: 2, inputShape: data.shape, classes: 3 });

  it('gives a row per image in order, whatever the batch size, without dropout', async () => {
    await expectNoLeak(async () => {
      const model = makeModel();
      const logits = await predictLogits(model, data);
      expect(logits).toHaveLength(30);
      const bytes = await data.images(Int32Array.from({ length: 10 }, (_, i) => i));
      const direct = tf.tidy(() => {
        const x = tf.div(tf.tensor4d(Array.from(bytes), [10, 6, 6, 1]), 255);
        return (model.predict(x) as tf.Tensor).dataSync();
      });
      direct.forEach((value, i) => {
        expect(logits[i]).toBeCloseTo(value, 5);
      });
      const small = await predictLogits(model, data, { batchSize: 3 });
      small.forEach((value, i) => {
        expect(value).toBeCloseTo(logits[i]!, 5);
      });
      model.dispose();
    });
  });

  it('takes a function, and the chosen images only', async () => {
    await expectNoLeak(async () => {
      const firstPixels = (x: tf.Tensor4D) =>
        tf.mul(tf.reshape(tf.slice(x, [0, 0, 0, 0], [-1, 1, 2, 1]), [-1, 2]), 255);
      const logits = await predictLogits(firstPixels, data, { indices: [9, 3, 3], batchSize: 2 });
      expect(
        Array.from(
          logits.filter((_, i) => i % 2 === 0),
          Math.round,
        ),
      ).toEqual([9, 3, 3]);
    });
  });

  it('is empty for no images', async () => {
    const model = makeModel();
    expect(await predictLogits(model, syntheticData({ length: 0 }))).toEqual(new Float32Array(0));
    expect(await predictLogits(model, data, { indices: [] })).toHaveLength(0);
    model.dispose();
  });

  it('refuses what gives no logits, and leaks nothing', async () => {
    await expectNoLeak(async () => {
      const images = predictLogits((x) => tf.clone(x), data, { batchSize: 4 });
      await expect(images).rejects.toThrow(new ModelOutputError('expected logits [4, classes], got [4, 6, 6, 1]'));
      await expect(predictLogits((x) => tf.sum(x), data)).rejects.toThrow(ModelOutputError);
      const failing = predictLogits(() => {
        throw new Error('on purpose');
      }, data);
      await expect(failing).rejects.toThrow('on purpose');
      await expect(predictLogits((x) => x, data, { batchSize: 0 })).rejects.toThrow(TrainOptionError);
    });
  });
});
