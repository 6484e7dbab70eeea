import { describe, expect, it } from '@jest/globals';
import { accuracy } from '@tensor-papers/numerics/metrics';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { syntheticData } from '../../test/synthetic-data.js';
import { crossEntropy, expectNoLeak, weightValues } from '../../test/tensors.js';
import { mlp } from '../nn/backbones/mlp.js';
import { smallCnn } from '../nn/backbones/small-cnn.js';
import type { Batch, BatchLike } from './batch.js';
import { batches } from './batches.js';
import {
  EmptyBatchError,
  LossShapeError,
  ModelOutputError,
  NoBatchesError,
  NonFiniteInputError,
  TrainingDivergedError,
  TrainOptionError,
} from './errors.js';
import { type FitOptions, fit } from './fit.js';
import type { EpochLog, StepLog, TrainEnd, TrainLogSink, TrainRun } from './log/train-log.js';
import { adamW } from './optimizers/adam-w.js';
import type { Optimizer } from './optimizers/optimizer.js';
import { sgd } from './optimizers/sgd.js';
import { predictLogits } from './predict-logits.js';
import { cosine } from './schedules/cosine.js';
import type { Progress } from './schedules/schedule.js';
import type { Trainable } from './trainable.js';

const data = syntheticData({ length: 48 });
const context = { seed: 5, inputShape: data.shape, classes: 3 };
const loss = (logits: tf.Tensor, { y }: Batch) => crossEntropy(logits, y!);

/** A run of `fit` on the synthetic data, 3 batches an epoch; disposes model and optimiser. */
async function run(
  options: Partial<FitOptions> & { makeModel?: () => tf.LayersModel; makeOptimizer?: () => Optimizer } = {},
) {
  const { makeModel = () => mlp({ hidden: [8] })(context), makeOptimizer, ...rest } = options;
  const model = makeModel();
  const optimizer = makeOptimizer?.() ?? sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true });
  const rng = createRng(1);
  let history: Awaited<ReturnType<typeof fit>> | null = null;
  let error: unknown = null;
  const before = weightValues(model);
  try {
    const stream = (epoch: number) => batches(data, { batchSize: 16, rng, epoch });
    history = await fit({ model, batches: stream, epochs: 2, optimizer, loss, ...rest });
  } catch (thrown) {
    error = thrown;
  }
  const weights = weightValues(model);
  const moved = JSON.stringify(weights) !== JSON.stringify(before);
  const { steps } = optimizer;
  optimizer.dispose();
  model.dispose();
  return { history, error, weights, before, moved, steps };
}

/** Batches made of plain numbers, with one input feature a column. */
function* plainBatches(rows: readonly (readonly number[][])[]): Generator<Batch> {
  for (const x of rows) yield { x: tf.tensor(x as number[][]), y: tf.zeros([x.length], 'int32') as tf.Tensor1D };
}

describe('fit', () => {
  it('learns what is linearly separable', async () => {
    const model = smallCnn({ filters: [4, 8], head: 'flatten' })(context);
    const optimizer = adamW({ learningRate: 0.02 });
    const rng = createRng(2);
    const chance = accuracy(await predictLogits(model, data), data.labels, 3);
    const { epochs, steps, aborted } = await fit({
      model,
      batches: (epoch) => batches(data, { batchSize: 16, rng, epoch }),
      epochs: 8,
      optimizer,
      schedule: cosine({ learningRate: 0.02 }),
      loss,
    });
    expect([epochs.length, steps, aborted]).toEqual([8, 24, false]);
    expect(epochs.at(-1)!.loss).toBeLessThan(0.2 * epochs[0]!.loss);
    expect(chance).toBeLessThan(0.7);
    expect(accuracy(await predictLogits(model, data), data.labels, 3)).toBe(1);
    optimizer.dispose();
    model.dispose();
  });

  it('gives the same weights to the bit for the same seeds, and others for other data order', async () => {
    const makeModel = () => mlp({ hidden: [8], dropout: 0.3 })(context);
    const first = await run({ makeModel });
    expect(first.moved).toBe(true);
    expect((await run({ makeModel })).weights).toEqual(first.weights);
    const other = (epoch: number) => batches(data, { batchSize: 16, rng: createRng(9), epoch });
    expect((await run({ makeModel, batches: other })).weights).not.toEqual(first.weights);
  });

  it('takes the step that the definition says, on a linear model', async () => {
    const { weights, before, history } = await run({
      makeModel: () => mlp({ hidden: [] })({ seed: 3, inputShape: [2], classes: 1 }),
      makeOptimizer: () => sgd({ learningRate: 0.5 }),
      batches: () => [
        ...plainBatches([
          [
            [1, 2],
            [3, 5],
          ],
        ]),
      ],
      epochs: 1,
      loss: (logits) => tf.mean(logits),
    });
    const [kernel, bias] = before as [number[], number[]];
    // d mean(xW + b)/dW is the mean of x over the rows, [2, 3.5]; d/db = 1.
    expect(weights[0]![0]).toBeCloseTo(kernel[0]! - 0.5 * 2, 5);
    expect(weights[0]![1]).toBeCloseTo(kernel[1]! - 0.5 * 3.5, 5);
    expect(weights[1]![0]).toBeCloseTo(bias[0]! - 0.5, 5);
    expect(history!.epochs[0]!.loss).toBeCloseTo(2 * kernel[0]! + 3.5 * kernel[1]! + bias[0]!, 5);
  });

  it('tells what happens: steps, epochs, sinks', async () => {
    const steps: StepLog[] = [];
    const epochs: EpochLog[] = [];
    const started: TrainRun[] = [];
    const ends: TrainEnd[] = [];
    let seen = 0;
    const sink: TrainLogSink = {
      start: (plan) => void started.push(plan),
      step: () => void seen++,
      epoch: () => void seen++,
      end: (end) => void ends.push(end),
    };
    const { history } = await run({
      on: { step: (log) => void steps.push(log), epoch: (log) => void epochs.push(log) },
      sinks: [sink],
      batches: (epoch) => batches(data, { batchSize: 20, epoch }),
    });
    expect(started).toEqual([{ epochs: 2, stepsPerEpoch: 3, parameters: 36 * 8 + 8 + 8 * 3 + 3 }]);
    expect(steps.map(({ step, epoch, stepOfEpoch, examples }) => [step, epoch, stepOfEpoch, examples])).toEqual([
      [0, 0, 0, 20],
      [1, 0, 1, 20],
      [2, 0, 2, 8],
      [3, 1, 0, 20],
      [4, 1, 1, 20],
      [5, 1, 2, 8],
    ]);
    expect(history!.epochs).toEqual(epochs);
    expect(seen).toBe(8);
    expect(ends).toEqual([{ steps: 6, aborted: false }]);
    const [first] = epochs;
    const mean = (20 * steps[0]!.loss + 20 * steps[1]!.loss + 8 * steps[2]!.loss) / 48;
    expect(first!.loss).toBeCloseTo(mean, 6);
    expect([first!.epoch, first!.steps, first!.examples, first!.learningRate]).toEqual([0, 3, 48, 0.1]);
    expect(first!.examplesPerSecond).toBeCloseTo(48 / first!.seconds, 6);
    expect(first!.losses).toBeUndefined();
    expect(steps[0]!.gradientNorm).toBeUndefined();
  });

  it('logs named terms apart and minimises their sum', async () => {
    const steps: StepLog[] = [];
    const terms = (logits: tf.Tensor, batch: Batch) => ({
      ce: loss(logits, batch),
      decay: tf.mul(tf.mean(tf.square(logits)), 0.1),
    });
    const named = await run({ loss: terms, on: { step: (log) => void steps.push(log) } });
    for (const { loss: total, losses } of steps) {
      expect(Object.keys(losses!)).toEqual(['ce', 'decay']);
      expect(total).toBeCloseTo(losses!.ce! + losses!.decay!, 5);
    }
    const [first] = named.history!.epochs;
    expect(first!.losses!.ce).toBeCloseTo(
      (steps[0]!.losses!.ce! + steps[1]!.losses!.ce! + steps[2]!.losses!.ce!) / 3,
      5,
    );
    const summed = await run({ loss: (logits, batch) => tf.addN(Object.values(terms(logits, batch))) });
    expect(named.weights).toEqual(summed.weights);
    const single = await run({ loss: (logits, batch) => ({ ce: loss(logits, batch) }) });
    expect(single.weights).toEqual((await run()).weights);
  });

  it('clips the global norm of the gradient and logs what it was', async () => {
    const norms: number[] = [];
    const clipped = await run({
      makeOptimizer: () => sgd({ learningRate: 1 }),
      clipNorm: 0.01,
      epochs: 1,
      stepsPerEpoch: 1,
      on: { step: ({ gradientNorm }) => void norms.push(gradientNorm!) },
    });
    expect(norms[0]).toBeGreaterThan(0.1);
    const squares = clipped.weights.flatMap((values, k) =>
      values.map((value, i) => (value - clipped.before[k]![i]!) ** 2),
    );
    expect(Math.sqrt(squares.reduce((sum, square) => sum + square, 0))).toBeCloseTo(0.01, 5);
    const loose = await run({ clipNorm: 1e6 });
    expect(loose.weights).toEqual((await run()).weights);
  });

  it('feeds the schedule with where the run stands', async () => {
    const seen: Progress[] = [];
    const rates: number[] = [];
    const schedule = (progress: Progress) => {
      seen.push(progress);
      return 0.1 / (progress.step + 1);
    };
    await run({ schedule, on: { step: ({ learningRate }) => void rates.push(learningRate) } });
    expect(seen[4]).toEqual({ step: 4, epoch: 1, stepsPerEpoch: 3, totalSteps: 6 });
    expect(rates).toEqual([0.1, 0.05, 0.1 / 3, 0.025, 0.02, 0.1 / 6]);
    seen.length = 0;
    const unknown = (epoch: number) => ({
      [Symbol.asyncIterator]: () => batches(data, { batchSize: 16, epoch })[Symbol.asyncIterator](),
    });
    await run({ schedule, batches: unknown });
    expect(seen[0]).toEqual({ step: 0, epoch: 0, stepsPerEpoch: undefined, totalSteps: undefined });
    expect(seen[3]).toEqual({ step: 3, epoch: 1, stepsPerEpoch: 3, totalSteps: 6 });
    expect((await run({ schedule: () => Number.NaN })).error).toBeInstanceOf(TrainOptionError);
  });

  it('evaluates targets on the very batch of the step, outside the gradient, and disposes them', async () => {
    await expectNoLeak(async () => {
      const teacher = mlp({ hidden: [4] })({ ...context, seed: 8 });
      const model = mlp({ hidden: [8] })(context);
      const optimizer = adamW({ learningRate: 0.01 });
      const teacherBefore = weightValues(teacher);
      const given: tf.Tensor[] = [];
      const { steps } = await fit({
        model,
        batches: () => batches(data, { batchSize: 16 }),
        epochs: 2,
        optimizer,
        targets: ({ x }) => ({ soft: tf.softmax(teacher.apply(x, { training: false }) as tf.Tensor) }),
        loss: (logits, { x }, { soft }) => {
          given.push(soft);
          tf.tidy(() => {
            const again = tf.softmax(teacher.apply(x, { training: false }) as tf.Tensor);
            expect(soft.dataSync()).toEqual(again.dataSync());
          });
          return tf.neg(tf.mean(tf.sum(tf.mul(soft, tf.logSoftmax(logits)), 1)));
        },
      });
      expect(steps).toBe(6);
      expect(given.every((soft) => soft.isDisposed)).toBe(true);
      expect(weightValues(teacher)).toEqual(teacherBefore);
      optimizer.dispose();
      model.dispose();
      teacher.dispose();
    });
  });

  it('keeps as many tensors epoch after epoch, and leaves none behind', async () => {
    await expectNoLeak(async () => {
      const { history } = await run({
        makeModel: () => mlp({ hidden: [8], dropout: 0.5 })(context),
        makeOptimizer: () => adamW({ learningRate: 0.01 }),
        epochs: 4,
        clipNorm: 1,
        loss: (logits, batch) => ({ ce: loss(logits, batch), size: tf.mean(tf.square(logits)) }),
      });
      const counts = history!.epochs.map(({ tensors }) => tensors);
      expect(new Set(counts).size).toBe(1);
    });
  });

  it('takes a tf.data.Dataset, an iterable and an async iterable for batches', async () => {
    const rows = [
      [
        [1, 2],
        [3, 4],
      ],
      [[5, 6]],
    ];
    const makeModel = () => mlp({ hidden: [4] })({ ...context, inputShape: [2] });
    const iterable = await run({ makeModel, batches: () => ({ [Symbol.iterator]: () => plainBatches(rows) }) });
    expect(iterable.history!.steps).toBe(4);
    const listed = await run({ makeModel, batches: () => [...plainBatches(rows)] });
    expect(listed.weights).toEqual(iterable.weights);
    const dataset = tf.data.generator(function* () {
      yield* plainBatches(rows) as Generator<never>;
    });
    const fromDataset = await run({ makeModel, batches: () => dataset as never });
    expect(fromDataset.error).toBeNull();
    expect(fromDataset.weights).toEqual(iterable.weights);
  });

  it('disposes every tensor of a batch', async () => {
    interface Weighted extends BatchLike {
      readonly weights: tf.Tensor;
    }
    await expectNoLeak(async () => {
      const model = mlp({ hidden: [] })({ ...context, inputShape: [2] });
      const optimizer = sgd({ learningRate: 0.1 });
      await fit({
        model,
        batches: (): Weighted[] => [{ x: tf.ones([3, 2]), weights: tf.tensor2d([[1], [2], [3]]) }],
        epochs: 2,
        optimizer,
        loss: (logits, { weights }) => tf.mean(tf.mul(logits, weights)),
      });
      optimizer.dispose();
      model.dispose();
    });
  });

  it('ends an epoch after stepsPerEpoch batches and closes its source', async () => {
    let open = 0;
    const endless = {
      length: 100,
      async *[Symbol.asyncIterator]() {
        open++;
        try {
          while (true) yield* plainBatches([[[1, 2]]]);
        } finally {
          open--;
        }
      },
    };
    await expectNoLeak(async () => {
      const { history } = await run({
        makeModel: () => mlp({ hidden: [4] })({ ...context, inputShape: [2] }),
        batches: () => endless,
        stepsPerEpoch: 5,
      });
      expect(history!.steps).toBe(10);
    });
    expect(open).toBe(0);
  });

  it('does nothing for 0 epochs', async () => {
    const { history, moved } = await run({
      epochs: 0,
      batches: () => {
        throw new Error('not asked');
      },
    });
    expect(history).toEqual({ epochs: [], steps: 0, aborted: false });
    expect(moved).toBe(false);
  });
});

describe('fit with a signal', () => {
  it('stops before the next step in the middle of an epoch', async () => {
    const controller = new AbortController();
    const ends: TrainEnd[] = [];
    await expectNoLeak(async () => {
      const { history, steps, weights } = await run({
        signal: controller.signal,
        on: { step: ({ step }) => (step === 4 ? controller.abort() : undefined) },
        sinks: [{ epoch: () => {}, end: (end) => void ends.push(end) }],
      });
      expect([history!.aborted, history!.steps, history!.epochs.length, steps]).toEqual([true, 5, 1, 5]);
      const five = await run({ batches: limited(2), epochs: 2 });
      expect(five.weights).toEqual(weights);
    });
    expect(ends).toEqual([{ steps: 5, aborted: true }]);
  });

  it('does not start when it is aborted already', async () => {
    const { history, moved } = await run({ signal: AbortSignal.abort() });
    expect(history).toEqual({ epochs: [], steps: 0, aborted: true });
    expect(moved).toBe(false);
  });

  it('lets timers run, so that a timer can abort', async () => {
    const signal = AbortSignal.timeout(150);
    const { history } = await run({ signal, epochs: 4000 });
    expect(history!.aborted).toBe(true);
  });
});

describe('fit on bad input', () => {
  const makeModel = () => mlp({ hidden: [4] })({ ...context, inputShape: [2] });

  it('names the rows that are not finite, and takes no step on them', async () => {
    const rows = [
      [[1, 2]],
      [
        [1, 2],
        [Number.NaN, 1],
        [0, 1],
        [1, Number.NEGATIVE_INFINITY],
      ],
    ];
    await expectNoLeak(async () => {
      const { error, steps } = await run({
        makeModel,
        batches: () => ({ [Symbol.iterator]: () => plainBatches(rows) }),
      });
      expect(error).toBeInstanceOf(NonFiniteInputError);
      expect(error).toMatchObject({ batch: 1, epoch: 0, rows: [1, 3], code: 'train/non-finite-input' });
      expect((error as Error).message).toContain('got NaN or infinity in row 1, 3.');
      expect(steps).toBe(1);
    });
  });

  it('names the examples as well where the batch knows them', async () => {
    const x = tf.tensor2d([
      [1, 2],
      [Number.NaN, 0],
    ]);
    const { error } = await run({ makeModel, batches: () => [{ x, indices: Int32Array.of(40, 17) }] });
    expect((error as Error).message).toContain('row 1 (indices 17 of the data)');
  });

  it('takes finite inputs whose sum is not', async () => {
    const { error, steps } = await run({
      makeModel: () => mlp({ hidden: [] })({ ...context, inputShape: [2] }),
      batches: () => [...plainBatches([[[2e38, 2e38]]])],
      loss: (logits) => tf.mul(tf.mean(tf.mul(logits, 1e-38)), 1e-3),
      epochs: 1,
    });
    expect([error, steps]).toEqual([null, 1]);
  });

  it('refuses an empty batch and an epoch without batches', async () => {
    await expectNoLeak(async () => {
      const empty = await run({ makeModel, batches: () => [{ x: tf.zeros([0, 2]), y: tf.tensor1d([], 'int32') }] });
      expect(empty.error).toBeInstanceOf(EmptyBatchError);
      expect((empty.error as Error).message).toContain(
        'batch 0 of epoch 0: expected at least one example, got shape [0, 2]',
      );
      const none = await run({ makeModel, batches: () => [] });
      expect(none.error).toBeInstanceOf(NoBatchesError);
    });
  });

  it.each<[string, FitOptions['loss']]>([
    ['a loss for each example', (logits) => tf.mean(logits, 1)],
    ['a named loss for each example', (logits) => ({ ce: tf.mean(logits), mean: tf.mean(logits, 1) })],
    ['no loss', () => undefined as unknown as tf.Tensor],
    ['no named losses', () => ({})],
    ['a number', () => 3 as unknown as tf.Tensor],
  ])('refuses %s', async (_, wrong) => {
    await expectNoLeak(async () => {
      const { error, moved } = await run({ loss: wrong });
      expect(error).toBeInstanceOf(LossShapeError);
      expect(moved).toBe(false);
    });
  });

  it('passes on that a loss does not depend on the model', async () => {
    await expectNoLeak(async () => {
      const { error } = await run({ loss: () => tf.scalar(1) });
      expect((error as Error).message).toContain('Cannot find a connection between any variable and the result');
    });
  });

  it('refuses a model that does not return logits', async () => {
    const output = (apply: Trainable['apply']) => {
      const layers = mlp({ hidden: [] })(context);
      const model: Trainable = { apply, trainableWeights: layers.trainableWeights, weights: layers.weights };
      return run({ model }).finally(() => layers.dispose());
    };
    await expectNoLeak(async () => {
      const several = await output((x) => [tf.clone(x), tf.clone(x)]);
      expect(several.error).toBeInstanceOf(ModelOutputError);
      expect((several.error as Error).message).toContain('got 2 outputs');
      const flat = await output((x) => tf.sum(x, [1, 2, 3]));
      expect((flat.error as Error).message).toBe('expected logits [16, classes] from the model, got [16]');
      const fewer = await output(() => tf.zeros([3, 3]));
      expect(fewer.error).toBeInstanceOf(ModelOutputError);
    });
  });

  it.each<[string, Partial<FitOptions>]>([
    ['half an epoch', { epochs: 0.5 }],
    ['negative epochs', { epochs: -1 }],
    ['no steps per epoch', { stepsPerEpoch: 0 }],
    ['a clipping norm of 0', { clipNorm: 0 }],
  ])('refuses %s', async (_, options) => {
    const { error } = await run(options);
    expect(error).toBeInstanceOf(TrainOptionError);
  });

  it('refuses a model of which every layer is frozen', async () => {
    const frozen = () => {
      const model = mlp({ hidden: [4] })(context);
      for (const layer of model.layers) layer.trainable = false;
      return model;
    };
    expect(((await run({ makeModel: frozen })).error as Error).message).toContain('is every layer frozen?');
  });

  it('leaves frozen layers as they are', async () => {
    const half = () => {
      const model = mlp({ hidden: [8] })(context);
      model.getLayer('dense-1').trainable = false;
      return model;
    };
    // Trainable weights come first.
    const { weights, before } = await run({ makeModel: half });
    expect(weights[0]).not.toEqual(before[0]);
    expect(weights.slice(2)).toEqual(before.slice(2));
  });
});

describe('fit when something fails', () => {
  /** A model with batch normalisation, whose statistics move in the forward pass. */
  const normalised = () => {
    const input = tf.input({ shape: [2] });
    const x = tf.layers.batchNormalization({ momentum: 0.5 }).apply(input) as tf.SymbolicTensor;
    const kernelInitializer = tf.initializers.glorotUniform({ seed: 4 });
    const output = tf.layers.dense({ units: 2, kernelInitializer }).apply(x) as tf.SymbolicTensor;
    return tf.model({ inputs: input, outputs: output });
  };
  const rows = [
    [
      [1, 2],
      [3, 7],
    ],
    [
      [2, 1],
      [5, 0],
    ],
    [
      [0, 1],
      [4, 4],
    ],
  ];
  const source = (count = 3) => ({ [Symbol.iterator]: () => plainBatches(rows.slice(0, count)) });

  it('stops on a diverging loss with the weights of the step before, moving statistics included', async () => {
    const ends: TrainEnd[] = [];
    let calls = 0;
    await expectNoLeak(async () => {
      const diverged = await run({
        makeModel: normalised,
        batches: () => source(),
        loss: (logits) => tf.mul(tf.mean(tf.square(logits)), calls++ === 2 ? Number.NaN : 1),
        sinks: [{ epoch: () => {}, end: (end) => void ends.push(end) }],
      });
      expect(diverged.error).toBeInstanceOf(TrainingDivergedError);
      expect(diverged.error).toMatchObject({ step: 2, epoch: 0, loss: Number.NaN, learningRate: 0.1 });
      const two = await run({
        makeModel: normalised,
        batches: () => source(2),
        epochs: 1,
        loss: (logits) => tf.mean(tf.square(logits)),
      });
      expect(two.moved).toBe(true);
      expect(diverged.weights).toEqual(two.weights);
      expect(ends).toEqual([{ steps: 2, aborted: false, error: diverged.error }]);
    });
  });

  it('stops on an infinite loss that comes of too high a learning rate, and names the terms', async () => {
    const { error, weights } = await run({
      makeOptimizer: () => sgd({ learningRate: 1e30 }),
      epochs: 50,
      loss: (logits) => ({ square: tf.mean(tf.square(logits)) }),
    });
    expect(error).toBeInstanceOf(TrainingDivergedError);
    expect((error as Error).message).toMatch(
      /the loss became (NaN|Infinity) at step \d+ .*terms \{"square":"(NaN|Infinity)"\}/,
    );
    expect(weights.flat().every(Number.isFinite)).toBe(true);
  });

  it('stops on a gradient that is not finite where it is clipped', async () => {
    const { error, moved } = await run({
      clipNorm: 1,
      // √0 is 0, its slope infinite.
      loss: (logits) => tf.mean(tf.sqrt(tf.mul(logits, 0))),
    });
    expect((error as Error).message).toContain('the norm of the gradient became NaN at step 0');
    expect(moved).toBe(false);
  });

  const failure = new Error('on purpose');
  const fail = () => {
    throw failure;
  };
  it.each<[string, Partial<FitOptions>]>([
    ['batches', { batches: fail }],
    [
      'a batch',
      {
        batches: () => ({
          async *[Symbol.asyncIterator]() {
            yield* batches(data, { batchSize: 48 });
            fail();
          },
        }),
      },
    ],
    ['the loss', { loss: fail }],
    ['targets', { targets: fail }],
    ['the schedule', { schedule: fail }],
    ['on.step', { on: { step: fail } }],
    ['on.epoch', { on: { epoch: async () => fail() } }],
    ['the start of a sink', { sinks: [{ start: fail, epoch: () => {} }] }],
    ['the step of a sink', { sinks: [{ step: fail, epoch: () => {} }] }],
    ['the epoch of a sink', { sinks: [{ epoch: fail }] }],
    ['the end of a sink', { sinks: [{ epoch: () => {}, end: fail }] }],
  ])('passes on what %s throws, leaks nothing and ends every sink once', async (_, options) => {
    await expectNoLeak(async () => {
      let ended = 0;
      const counter: TrainLogSink = { epoch: () => {}, end: () => void ended++ };
      const { error } = await run({ clipNorm: 1, ...options, sinks: [...(options.sinks ?? []), counter] });
      expect(error).toBe(failure);
      expect(ended).toBe(1);
    });
  });

  it('tells a sink that cannot be closed from what ended the run', async () => {
    const cannotClose: TrainLogSink = {
      epoch: () => {},
      end: () => {
        throw new Error('disk full');
      },
    };
    expect((await run({ loss: fail, sinks: [cannotClose] })).error).toBe(failure);
  });
});

/** The run's batches, with all of the first epoch's and only the first `count` of later ones'. */
function limited(count: number) {
  const rng = createRng(1);
  return (epoch: number) => ({
    async *[Symbol.asyncIterator]() {
      let yielded = 0;
      for await (const batch of batches(data, { batchSize: 16, rng, epoch })) {
        yield batch;
        yielded += 1;
        if (epoch > 0 && yielded === count) return;
      }
    },
  });
}
