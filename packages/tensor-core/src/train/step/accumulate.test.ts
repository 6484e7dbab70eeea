import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { syntheticData } from '../../../test/synthetic-data.js';
import { crossEntropy, expectNoLeak, weightValues } from '../../../test/tensors.js';
import { mlp } from '../../nn/backbones/mlp.js';
import type { Batch } from '../batch.js';
import { batches } from '../batches.js';
import { type FitOptions, fit } from '../fit.js';
import type { StepLog } from '../log/train-log.js';
import { sgd } from '../optimizers/sgd.js';

const data = syntheticData({ length: 50 });

async function train(batchSize: number, options: Partial<FitOptions> = {}) {
  const model = mlp({ hidden: [8] })({ seed: 5, inputShape: data.shape, classes: 3 });
  const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
  const logs: StepLog[] = [];
  const history = await fit({
    model,
    optimizer,
    batches: (epoch) => batches(data, { batchSize, epoch }),
    epochs: 2,
    loss: (logits, { y }) => ({ entropy: crossEntropy(logits, y!), size: tf.mean(tf.square(logits)) }),
    on: { step: (log) => void logs.push(log) },
    ...options,
  });
  const weights = weightValues(model);
  model.dispose();
  optimizer.dispose();
  return { weights, logs, history, steps: optimizer.steps };
}

describe('gradient accumulation', () => {
  it.each([
    ['four batches of 5', 20, 5, 4],
    ['batches that do not divide the step', 20, 7, 3],
    ['a whole epoch', 50, 9, 6],
  ])('of %s equals one big batch, ragged ends included', async (_, big, small, accumulate) => {
    await expectNoLeak(async () => {
      // 7 · 3 = 21 is no 20: compare with the same cuts.
      const cut = small * accumulate;
      const whole = await train(Math.max(cut, big) === cut ? cut : big, { clipNorm: 0.5 });
      const parts = await train(small, { accumulate, clipNorm: 0.5 });
      expect(parts.logs.length).toBe(whole.logs.length);
      parts.logs.forEach((log, i) => {
        const expected = whole.logs[i]!;
        expect([log.step, log.examples, log.stepsPerEpoch]).toEqual([i, expected.examples, expected.stepsPerEpoch]);
        expect(log.loss).toBeCloseTo(expected.loss, 5);
        expect(log.losses!.entropy).toBeCloseTo(expected.losses!.entropy!, 5);
        expect(log.gradientNorm).toBeCloseTo(expected.gradientNorm!, 4);
      });
      parts.weights.flat().forEach((value, i) => {
        expect(value).toBeCloseTo(whole.weights.flat()[i]!, 5);
      });
    });
  });

  it('of one batch is a plain step, to the bit', async () => {
    expect((await train(10, { accumulate: 1 })).weights).toEqual((await train(10)).weights);
  });

  it('counts steps, not batches, for the end of an epoch', async () => {
    const { history, logs } = await train(5, { accumulate: 3, stepsPerEpoch: 2 });
    expect(history.steps).toBe(4);
    expect(logs.map(({ examples }) => examples)).toEqual([15, 15, 15, 15]);
  });

  it('keeps gradients of weights that only some of the batches reach', async () => {
    const model = mlp({ hidden: [] })({ seed: 1, inputShape: [1], classes: 1 });
    const optimizer = sgd({ learningRate: 1 });
    const before = weightValues(model);
    const rows = (value: number): Batch => ({ x: tf.tensor2d([[value]]) });
    let calls = 0;
    await fit({
      model,
      optimizer,
      batches: () => [rows(2), rows(4)],
      epochs: 1,
      accumulate: 2,
      // The bias alone in the second batch.
      loss: (logits) => (calls++ === 0 ? tf.mean(logits) : tf.mean(model.weights[1]!.read())),
    });
    const after = weightValues(model);
    expect(before[0]![0]! - after[0]![0]!).toBeCloseTo(0.5 * 2, 6);
    expect(before[1]![0]! - after[1]![0]!).toBeCloseTo(0.5 + 0.5, 6);
    model.dispose();
    optimizer.dispose();
  });

  it('passes on what the second batch throws, leaks nothing and takes no step', async () => {
    await expectNoLeak(async () => {
      let calls = 0;
      const model = mlp({ hidden: [] })({ seed: 1, inputShape: [1], classes: 1 });
      const optimizer = sgd({ learningRate: 1 });
      const before = weightValues(model);
      const source = () => [0, 1, 2].map((value): Batch => ({ x: tf.tensor2d([[value]]) }));
      const loss = (logits: tf.Tensor) => {
        if (++calls === 2) throw new Error('on purpose');
        return { mean: tf.mean(logits) };
      };
      const made = source();
      await expect(fit({ model, optimizer, batches: () => made, epochs: 1, accumulate: 3, loss })).rejects.toThrow(
        'on purpose',
      );
      expect(weightValues(model)).toEqual(before);
      // An array's later batches were made by the caller and never reached.
      tf.dispose(made.map(({ x }) => x));
      model.dispose();
      optimizer.dispose();
    });
  });
});
