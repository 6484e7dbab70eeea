import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { expectNoLeak, weightValues } from '../../../test/tensors.js';
import { mlp } from '../../nn/backbones/mlp.js';
import { LossShapeError, TrainingDivergedError } from '../errors.js';
import { sgd } from '../optimizers/sgd.js';
import { gradientStep } from './gradient-step.js';
import { type LossValue, lossTerms } from './loss-value.js';

const makeModel = (dropout = 0) => mlp({ hidden: [], dropout })({ seed: 3, inputShape: [2], classes: 1 });

describe('gradientStep', () => {
  it('trains several models by one loss, and takes the total of { total, parts }', async () => {
    await expectNoLeak(async () => {
      const models = [makeModel(), makeModel()];
      const before = models.map(weightValues);
      const optimizer = sgd({ learningRate: 0.5 });
      const x = tf.tensor2d([[1, 2]]);
      const outcome = await gradientStep({
        models,
        optimizer,
        loss: () => {
          const [first, second] = models.map((model) => tf.mean(model.apply(x) as tf.Tensor));
          const total = tf.sub(first!, tf.mul(second!, 3));
          return { total, parts: { first: first!, second: second!, other: tf.scalar(7) } };
        },
      });
      expect(outcome.learningRate).toBe(0.5);
      expect(Object.keys(outcome.losses!)).toEqual(['first', 'second', 'other']);
      expect(outcome.loss).toBeCloseTo(outcome.losses!.first! - 3 * outcome.losses!.second!, 5);
      // dL/dW of the first model is x, of the second −3x.
      const moved = models.map((model, i) => weightValues(model)[0]!.map((value, k) => value - before[i]![0]![k]!));
      [-0.5, -1, 1.5, 3].forEach((expected, k) => {
        expect(moved.flat()[k]).toBeCloseTo(expected, 5);
      });
      tf.dispose([x, ...models.flatMap((model) => model.weights.map((weight) => weight.read()))]);
      optimizer.dispose();
    });
  });

  it('limits values before it clips the norm', async () => {
    await expectNoLeak(async () => {
      const model = makeModel();
      const before = weightValues(model);
      const optimizer = sgd({ learningRate: 1 });
      const x = tf.tensor2d([[30, -0.5]]);
      const loss = () => tf.mean(model.apply(x) as tf.Tensor);
      const { gradientNorm } = await gradientStep({ models: [model], optimizer, loss, clipValue: 2, clipNorm: 1 });
      // The gradient is (30, −0.5) and 1 for the bias: (2, −0.5, 1) after limiting.
      const norm = Math.sqrt(4 + 0.25 + 1);
      expect(gradientNorm).toBeCloseTo(norm, 5);
      const [kernel, bias] = weightValues(model);
      expect(kernel![0]! - before[0]![0]!).toBeCloseTo(-2 / norm, 5);
      expect(kernel![1]! - before[0]![1]!).toBeCloseTo(0.5 / norm, 5);
      expect(bias![0]! - before[1]![0]!).toBeCloseTo(-1 / norm, 5);
      x.dispose();
      model.dispose();
      optimizer.dispose();
    });
  });

  it('leaves weights, statistics and dropout as they were when the loss is not finite or throws', async () => {
    await expectNoLeak(async () => {
      const model = tf.sequential({
        layers: [
          tf.layers.dense({ units: 3, inputShape: [2] }),
          tf.layers.batchNormalization(),
          tf.layers.dense({ units: 1 }),
        ],
      });
      const dropout = mlp({ hidden: [4], dropout: 0.5 })({ seed: 1, inputShape: [2], classes: 1 });
      const drawn = () =>
        (dropout.layers.find(({ name }) => name === 'dropout-1') as unknown as { draws: number }).draws;
      const optimizer = sgd({ learningRate: 1 });
      const x = tf.tensor2d([
        [1, 2],
        [3, -4],
      ]);
      const before = [weightValues(model), weightValues(dropout), drawn()];
      const forward = () =>
        tf.add(...([model, dropout].map((each) => each.apply(x, { training: true })) as [tf.Tensor, tf.Tensor]));
      const step = (loss: () => LossValue) =>
        gradientStep({ models: [model, dropout], optimizer, loss, at: { step: 4, epoch: 2 } });
      const diverged = step(() => tf.mul(tf.mean(forward()), Number.NaN));
      await expect(diverged).rejects.toBeInstanceOf(TrainingDivergedError);
      await expect(diverged).rejects.toMatchObject({ step: 4, epoch: 2, learningRate: 1 });
      const failing = step(() => {
        forward();
        throw new Error('on purpose');
      });
      await expect(failing).rejects.toThrow('on purpose');
      expect([weightValues(model), weightValues(dropout), drawn()]).toEqual(before);
      await step(() => tf.mean(tf.square(forward())));
      expect(drawn()).toBe(1);
      x.dispose();
      tf.dispose([model, dropout].flatMap((each) => each.weights.map((weight) => weight.read())));
      optimizer.dispose();
    });
  });
});

describe('lossTerms', () => {
  it('takes a record whose names happen to be total and parts', () => {
    tf.tidy(() => {
      const { total, terms } = lossTerms({ total: tf.scalar(1), parts: tf.scalar(2) });
      expect(total.dataSync()[0]).toBe(3);
      expect(Object.keys(terms!)).toEqual(['total', 'parts']);
    });
  });

  it.each<[string, () => unknown]>([
    ['a total for each example', () => ({ total: tf.zeros([2]), parts: {} })],
    ['a part for each example', () => ({ total: tf.scalar(1), parts: { a: tf.zeros([2]) } })],
    ['a part that is a number', () => ({ total: tf.scalar(1), parts: { a: 1 } })],
    ['null', () => null],
  ])('refuses %s', (_, make) => {
    tf.tidy(() => {
      expect(() => lossTerms(make() as LossValue)).toThrow(LossShapeError);
    });
  });
});
