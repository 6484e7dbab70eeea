import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { syntheticData } from '../../../test/synthetic-data.js';
import { crossEntropy, expectNoLeak, weightValues } from '../../../test/tensors.js';
import { mlp } from '../../nn/backbones/mlp.js';
import { batches } from '../batches.js';
import { modelPart, optimizerPart, randomPart } from '../checkpoint/checkpoint-parts.js';
import { type CheckpointStore, memoryCheckpoints } from '../checkpoint/checkpoint-store.js';
import { CheckpointPartError } from '../checkpoint/errors.js';
import { Ema } from '../ema.js';
import { TrainingDivergedError } from '../errors.js';
import { fit } from '../fit.js';
import type { TrainRun } from '../log/train-log.js';
import { adam } from '../optimizers/adam.js';
import { sgd } from '../optimizers/sgd.js';
import { sigmoidRampUp } from '../schedules/sigmoid-ramp-up.js';
import { gradientStep } from '../step/gradient-step.js';
import { type TrainLoopOptions, trainLoop } from './train-loop.js';

const data = syntheticData({ length: 32 });

/** A generator and a critic, each with an optimiser of its own, on 2-D points. */
async function adversaries(options: Partial<TrainLoopOptions> & { store?: CheckpointStore } = {}) {
  const { store, ...rest } = options;
  const context = { seed: 4, inputShape: [2] };
  const generator = mlp({ hidden: [6], dropout: 0.2 })({ ...context, classes: 2 });
  const critic = mlp({ hidden: [6] })({ ...context, seed: 5, classes: 1 });
  const optimizers = [adam({ learningRate: 0.02 }), sgd({ learningRate: 0.05 })] as const;
  const rng = createRng(6).stream('noise');
  const noise = () =>
    tf.tensor2d(
      Float32Array.from({ length: 16 }, () => rng.normal()),
      [8, 2],
    );
  const judge = (x: tf.Tensor) => tf.mean(critic.apply(x, { training: true }) as tf.Tensor);
  const generate = (z: tf.Tensor) => generator.apply(z, { training: true }) as tf.Tensor;
  const critics = () => weightValues(critic);
  let criticMoved = 0;
  const history = await trainLoop({
    batches: () => Array.from({ length: 4 }, (_, i) => ({ x: tf.fill([8, 2], i) })),
    epochs: 2,
    models: [generator, critic],
    parts: {
      generator: modelPart(generator),
      critic: modelPart(critic),
      generatorOptimizer: optimizerPart(optimizers[0], generator),
      criticOptimizer: optimizerPart(optimizers[1], critic),
      noise: randomPart(rng),
    },
    step: async ({ x }, at) => {
      const z = noise();
      const first = await gradientStep({
        models: [critic],
        optimizer: optimizers[1],
        at,
        loss: () => tf.sub(judge(generate(z)), judge(x)),
      });
      const before = critics();
      const second = await gradientStep({
        models: [generator],
        optimizer: optimizers[0],
        at,
        loss: () => tf.neg(judge(generate(z))),
      });
      if (JSON.stringify(before) !== JSON.stringify(critics())) criticMoved += 1;
      z.dispose();
      const losses = { critic: first.loss, generator: second.loss };
      return { loss: first.loss + second.loss, losses, learningRate: second.learningRate };
    },
    ...(store === undefined ? {} : { checkpoint: { store, everySteps: 1 } }),
    ...rest,
  });
  const weights = [generator, critic].map(weightValues);
  tf.dispose([generator, critic].flatMap((model) => model.weights.map((weight) => weight.read())));
  for (const optimizer of optimizers) optimizer.dispose();
  return { history, weights, criticMoved };
}

describe('trainLoop', () => {
  it('trains adversaries, logs their losses apart and moves one at a time', async () => {
    await expectNoLeak(async () => {
      const plans: TrainRun[] = [];
      const sink = { start: (plan: TrainRun) => void plans.push(plan), epoch: () => {} };
      const { history, criticMoved } = await adversaries({ sinks: [sink] });
      expect(criticMoved).toBe(0);
      expect(history.steps).toBe(8);
      expect(Object.keys(history.epochs[1]!.losses!)).toEqual(['critic', 'generator']);
      expect(plans).toEqual([{ epochs: 2, stepsPerEpoch: 4, parameters: 18 + 14 + 18 + 7 }]);
    });
  });

  it('resumes all of them to the bit', async () => {
    const whole = await adversaries();
    const store = memoryCheckpoints();
    const controller = new AbortController();
    const on = { step: ({ step }: { step: number }) => (step === 4 ? controller.abort() : undefined) };
    await adversaries({ store, on, signal: controller.signal });
    const resumed = await adversaries({ store, resume: true });
    expect(resumed.weights).toEqual(whole.weights);
    expect(resumed.history.epochs.map(({ losses }) => losses)).toEqual(
      whole.history.epochs.map(({ losses }) => losses),
    );
    await expect(adversaries({ store, resume: true, parts: {} })).rejects.toBeInstanceOf(CheckpointPartError);
  });

  it('ends when a step returns a loss that is not finite', async () => {
    const failing = adversaries({ step: () => ({ loss: Number.NaN, losses: { a: 1 }, learningRate: 0.1 }) });
    await expect(failing).rejects.toBeInstanceOf(TrainingDivergedError);
    await expect(failing).rejects.toThrow(/^the loss became NaN at step 0 \(epoch 0, learning rate 0.1\), terms/);
    await expect(failing).rejects.not.toThrow('The weights are those before this step');
  });

  it('serves a student with an averaged teacher', async () => {
    await expectNoLeak(async () => {
      const context = { seed: 1, inputShape: data.shape, classes: 3 };
      const [student, teacher] = [mlp({ hidden: [8] })(context), mlp({ hidden: [8] })(context)];
      const optimizer = sgd({ learningRate: 0.2 });
      const ema = new Ema(student, { decay: 0.5 });
      const weight = sigmoidRampUp({ maximum: 1, epochs: 2 });
      const seen: number[] = [];
      await trainLoop({
        batches: (epoch) => batches(data, { batchSize: 8, epoch }),
        epochs: 2,
        models: [student],
        step: async ({ x, y }, at) => {
          const soft = tf.tidy(() => tf.softmax(teacher.apply(x, { training: false }) as tf.Tensor));
          seen.push(weight(at));
          const outcome = await gradientStep({
            models: [student],
            optimizer,
            at,
            loss: () => {
              const logits = student.apply(x, { training: true }) as tf.Tensor;
              const consistency = tf.mean(tf.squaredDifference(tf.softmax(logits), soft));
              return { entropy: crossEntropy(logits, y!), consistency: tf.mul(consistency, weight(at)) };
            },
          });
          soft.dispose();
          ema.update();
          ema.applyTo(teacher);
          return outcome;
        },
      });
      expect(seen[0]).toBeCloseTo(Math.exp(-5), 9);
      expect(seen.at(-1)).toBeCloseTo(Math.exp(-5 / 64), 9);
      expect(weightValues(teacher)).not.toEqual(weightValues(student));
      tf.dispose([student, teacher].flatMap((model) => model.weights.map((each) => each.read())));
      optimizer.dispose();
      ema.dispose();
    });
  });

  it('calls its hooks in order', async () => {
    const calls: string[] = [];
    await adversaries({
      store: memoryCheckpoints(),
      evaluate: (epoch) => {
        calls.push(`evaluate ${epoch}`);
        return {};
      },
      stepsPerEpoch: 1,
      on: {
        epochStart: (epoch) => void calls.push(`start ${epoch}`),
        step: ({ step }) => void calls.push(`step ${step}`),
        checkpoint: ({ name, steps }) => void calls.push(`${name} ${steps}`),
        epoch: ({ epoch }) => void calls.push(`epoch ${epoch}`),
      },
    });
    const inEpoch = (epoch: number) => [
      `start ${epoch}`,
      `step ${epoch}`,
      `last ${epoch + 1}`,
      `evaluate ${epoch}`,
      `epoch ${epoch}`,
    ];
    expect(calls).toEqual([...inEpoch(0), ...inEpoch(1), 'last 2']);
  });
});

describe('a thousand steps', () => {
  it('hold no more tensors than the first', async () => {
    const model = mlp({ hidden: [8], dropout: 0.2 })({ seed: 1, inputShape: [4], classes: 3 });
    const optimizer = adam({ learningRate: 1e-3 });
    const ema = new Ema(model);
    const counts: number[] = [];
    const before = tf.memory().numTensors;
    await fit({
      model,
      optimizer,
      ema,
      clipNorm: 1,
      accumulate: 2,
      batches: () => ({
        *[Symbol.iterator]() {
          for (let i = 0; i < 2000; i++) yield { x: tf.ones([2, 4]) };
        },
      }),
      epochs: 1,
      loss: (logits) => ({ square: tf.mean(tf.square(logits)), sum: tf.mean(logits) }),
      checkpoint: { store: memoryCheckpoints(), everySteps: 250 },
      on: { step: () => void counts.push(tf.memory().numTensors) },
    });
    expect(counts.length).toBe(1000);
    expect(new Set(counts).size).toBe(1);
    ema.dispose();
    optimizer.dispose();
    model.dispose();
    // The average was there before.
    expect(tf.memory().numTensors).toBe(before - 8);
  });
});
