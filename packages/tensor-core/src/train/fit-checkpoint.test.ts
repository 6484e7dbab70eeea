import { describe, expect, it } from '@jest/globals';
import { createRng, type Rng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { syntheticData } from '../../test/synthetic-data.js';
import { crossEntropy, expectNoLeak, weightValues } from '../../test/tensors.js';
import { SeededDropout } from '../nn/layers/seeded-dropout.js';
import type { Batch } from './batch.js';
import { batches } from './batches.js';
import { type CheckpointStore, memoryCheckpoints } from './checkpoint/checkpoint-store.js';
import { decodeCheckpoint } from './checkpoint/encode-checkpoint.js';
import {
  CheckpointCorruptError,
  CheckpointModelError,
  CheckpointNotFoundError,
  CheckpointPartError,
} from './checkpoint/errors.js';
import { Ema } from './ema.js';
import { TrainingDivergedError, TrainOptionError } from './errors.js';
import { type FitOptions, fit } from './fit.js';
import type { FitHistory } from './history.js';
import type { CheckpointEvent } from './loop/loop-options.js';
import type { ResumableSink } from './loop/resumable-sink.js';
import { adamW } from './optimizers/adam-w.js';
import { sgd } from './optimizers/sgd.js';
import { cosine } from './schedules/cosine.js';

const data = syntheticData({ length: 40 });

/** Normalisation, dropout and 3 classes. */
function makeModel(units = 6): tf.LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 4 });
  return tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [6, 6, 1] }),
      tf.layers.dense({ units, kernelInitializer, name: 'hidden' }),
      tf.layers.batchNormalization({ momentum: 0.8 }),
      new SeededDropout({ rate: 0.4, seed: 3 }),
      tf.layers.dense({ units: 3, kernelInitializer, name: 'logits' }),
    ],
  });
}

/** Batches that draw from a stream in passing. */
function jittered(walk: Rng, epoch: number) {
  const scale = 1 + 0.1 * walk.uniform();
  const source = batches(data, { batchSize: 8, rng: createRng(2), epoch, augment: [{ kind: 'flip' }] });
  return {
    length: source.length,
    async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
      for await (const { x, ...batch } of source) {
        const moved = tf.tidy(() => tf.mul(x, scale + 0.1 * walk.normal()));
        x.dispose();
        yield { ...batch, x: moved };
      }
    },
  };
}

type RunOptions = Omit<Partial<FitOptions>, 'checkpoint'> & {
  store?: CheckpointStore;
  checkpoint?: Partial<NonNullable<FitOptions['checkpoint']>>;
  units?: number;
  seed?: number;
};

interface Finished {
  readonly history: FitHistory | null;
  readonly error: unknown;
  readonly weights: number[][];
  readonly average: number[][];
  readonly moved: boolean;
}

/** A run of 3 epochs of 5 batches from fresh objects, as another process would make them. */
async function run({ store, checkpoint, units, seed = 8, ...options }: RunOptions = {}): Promise<Finished> {
  const model = makeModel(units);
  const optimizer = adamW({ learningRate: 0.02 });
  const ema = new Ema(model, { decay: 0.8 });
  const walk = createRng(seed).stream('walk');
  const before = weightValues(model);
  let history: FitHistory | null = null;
  let error: unknown = null;
  try {
    history = await fit({
      model,
      optimizer,
      ema,
      batches: (epoch) => jittered(walk, epoch),
      epochs: 3,
      schedule: cosine({ learningRate: 0.02 }),
      loss: (logits, { y }) => ({ entropy: crossEntropy(logits, y!) }),
      ...(store === undefined ? {} : { checkpoint: { store, random: { walk }, ...checkpoint } }),
      ...options,
    });
  } catch (thrown) {
    error = thrown;
  }
  const weights = weightValues(model);
  ema.swap();
  const average = weightValues(model);
  for (const each of [ema, optimizer, model]) each.dispose();
  return { history, error, weights, average, moved: JSON.stringify(weights) !== JSON.stringify(before) };
}

/** A history without what depends on the clock. */
function timeless(history: FitHistory | null) {
  return { ...history, epochs: history!.epochs.map((log) => ({ ...log, seconds: 0, examplesPerSecond: 0 })) };
}

function expectSame(got: Finished, expected: Finished): void {
  expect(got.error).toBeNull();
  expect(got.weights).toEqual(expected.weights);
  expect(got.average).toEqual(expected.average);
  expect(timeless(got.history)).toEqual(timeless(expected.history));
}

const abortAfter = (steps: number, extra: RunOptions = {}): RunOptions => {
  const controller = new AbortController();
  const step = ({ step: taken }: { step: number }) => (taken + 1 === steps ? controller.abort() : undefined);
  return { ...extra, signal: controller.signal, on: { ...extra.on, step } };
};

const stepsIn = async (store: CheckpointStore, name = 'last') => {
  const { parts } = await decodeCheckpoint((await store.read(name))!);
  return (parts.loop!.values as { steps: number }).steps;
};

describe('fit with checkpoints', () => {
  it('goes on after any step as if it had never stopped, to the bit', async () => {
    await expectNoLeak(async () => {
      for (const extra of [{}, { accumulate: 2 }, { stepsPerEpoch: 2, accumulate: 2 }] as RunOptions[]) {
        const whole = await run(extra);
        const { steps } = whole.history!;
        for (let stop = 1; stop < steps; stop += extra.accumulate ? 3 : 1) {
          const store = memoryCheckpoints();
          const stopped = await run(abortAfter(stop, { ...extra, store }));
          expect([stopped.history!.steps, stopped.history!.aborted]).toEqual([stop, true]);
          expect(await stepsIn(store)).toBe(stop);
          expectSame(await run({ ...extra, store, resume: true }), whole);
        }
      }
    });
  });

  it('goes on where an abort came while a batch was made', async () => {
    const whole = await run();
    const store = memoryCheckpoints();
    const controller = new AbortController();
    const walk = createRng(8).stream('walk');
    const source = (epoch: number) => ({
      length: 5,
      async *[Symbol.asyncIterator]() {
        let made = 0;
        for await (const batch of jittered(walk, epoch)) {
          if (epoch === 1 && made++ === 2) controller.abort();
          yield batch;
        }
      },
    });
    const stopped = await run({ store, batches: source, signal: controller.signal, checkpoint: { random: { walk } } });
    expect(stopped.history!.steps).toBe(7);
    expectSame(await run({ store, resume: true }), whole);
  });

  it('goes on where hooks draw from the stream of the data between batches', async () => {
    const drawing = (stopAfter?: number, options: RunOptions = {}) => {
      const controller = new AbortController();
      const walk = createRng(8).stream('walk');
      const step = ({ step: taken }: { step: number }) => {
        walk.normal();
        if (taken + 1 === stopAfter) controller.abort();
      };
      const source = (epoch: number) => jittered(walk, epoch);
      const checkpoint = { random: { walk } };
      return run({ ...options, checkpoint, batches: source, on: { step }, signal: controller.signal });
    };
    const store = memoryCheckpoints();
    await drawing(8, { store });
    expectSame(await drawing(undefined, { store, resume: true }), await drawing());
  });

  it('begins anew where auto finds nothing, and says so where it must not', async () => {
    const whole = await run();
    expectSame(await run({ store: memoryCheckpoints(), resume: 'auto' }), whole);
    const missing = await run({ store: memoryCheckpoints(), resume: true });
    expect(missing.error).toBeInstanceOf(CheckpointNotFoundError);
    expect(missing.moved).toBe(false);
  });

  it('gives the same history at once when the run was finished, and goes on for more epochs', async () => {
    const store = memoryCheckpoints();
    const whole = await run({ store });
    const steps: number[] = [];
    const again = await run({ store, resume: true, on: { step: ({ step }) => void steps.push(step) } });
    expectSame(again, whole);
    expect(steps).toEqual([]);
    const constant = { schedule: () => 0.01 };
    const other = memoryCheckpoints();
    await run({ ...constant, store: other });
    expectSame(
      await run({ ...constant, store: other, resume: true, epochs: 5 }),
      await run({ ...constant, epochs: 5 }),
    );
  });

  it('writes after steps and epochs as told, and tells', async () => {
    const events: CheckpointEvent[] = [];
    const resumed: CheckpointEvent[] = [];
    const store = memoryCheckpoints();
    const on = { checkpoint: (event: CheckpointEvent) => void events.push(event) };
    await run({ store, on });
    expect(events).toEqual([5, 10, 15].map((steps, i) => ({ name: 'last', steps, epoch: i + 1 })));
    events.length = 0;
    await run({ store: memoryCheckpoints(), on, checkpoint: { everySteps: 4 } });
    expect(events.map(({ steps, epoch }) => [steps, epoch])).toEqual([
      [4, 0],
      [8, 1],
      [12, 2],
      [15, 3],
    ]);
    events.length = 0;
    await run({ store: memoryCheckpoints(), on, checkpoint: { everyEpochs: 2 } });
    expect(events.map(({ steps }) => steps)).toEqual([10, 15]);
    await run({ store, resume: true, on: { resume: (event) => void resumed.push(event) } });
    expect(resumed).toEqual([{ name: 'last', steps: 15, epoch: 3 }]);
  });

  it('keeps the best epoch beside the last one', async () => {
    const store = memoryCheckpoints();
    const accuracies = [0.2, 0.9, 0.4];
    const evaluate = (epoch: number) => ({ accuracy: accuracies[epoch]! });
    const monitor = { metric: 'accuracy', mode: 'max' } as const;
    const { history } = await run({ store, evaluate, monitor, checkpoint: { keepBest: true } });
    expect([await stepsIn(store, 'best'), await stepsIn(store)]).toEqual([10, 15]);
    expect(history!.best).toEqual({ epoch: 1, value: 0.9 });
    expect(history!.epochs.map(({ metrics }) => metrics)).toEqual(accuracies.map((accuracy) => ({ accuracy })));
    const without = memoryCheckpoints();
    await run({ store: without, evaluate, monitor });
    expect(await without.read('best')).toBeNull();
  });

  it('asks a source for its later batches where it can give them', async () => {
    const store = memoryCheckpoints();
    const asked: number[] = [];
    const source = (epoch: number, from = 0) => {
      const all = batches(data, { batchSize: 8, rng: createRng(2), epoch });
      return {
        length: all.length,
        async *[Symbol.asyncIterator]() {
          let number = 0;
          for await (const batch of all) {
            if (number++ >= from) yield batch;
            else tf.dispose([batch.x, batch.y!]);
          }
        },
        from: (batch: number) => {
          asked.push(batch);
          return source(epoch, batch);
        },
      };
    };
    const whole = await run({ batches: source });
    await run(abortAfter(8, { store, batches: source }));
    expectSame(await run({ store, batches: source, resume: true }), whole);
    expect(asked).toEqual([3]);
  });

  it('lets a sink take back what came after the checkpoint', async () => {
    const file = (lines: string[]): ResumableSink => ({
      start: (plan) => void ('resumedAt' in plan ? lines.push('resumed') : lines.push('start')),
      step: ({ step, loss }) => void lines.push(`step ${step} ${loss}`),
      epoch: ({ epoch, loss }) => void lines.push(`epoch ${epoch} ${loss}`),
      capture: () => lines.length,
      restore: (length) => void lines.splice(length as number),
    });
    const [whole, killed]: string[][] = [[], []];
    await run({ sinks: [file(whole!)] });
    const store = memoryCheckpoints();
    const failure = new Error('on purpose');
    const on = {
      step: ({ step }: { step: number }) => {
        if (step === 8) throw failure;
      },
    };
    const failed = await run({ store, on, checkpoint: { everySteps: 3 }, sinks: [{ epoch: () => {} }, file(killed!)] });
    expect(failed.error).toBe(failure);
    // Two steps were logged after the checkpoint of step 6.
    expect(killed!.at(-1)).toMatch(/^step 7 /);
    await run({ store, resume: true, sinks: [{ epoch: () => {} }, file(killed!)] });
    expect(killed!.filter((line) => line !== 'resumed')).toEqual(whole);
    expect(killed!.indexOf('resumed')).toBe(8);
  });
});

describe('fit with early stopping', () => {
  const losses = [3, 2, 2.5, 1.95, 2.4, 1];
  const options: RunOptions = {
    epochs: 6,
    schedule: () => 0.01,
    evaluate: (epoch) => ({ error: losses[epoch]! }),
    monitor: { metric: 'error', mode: 'min' },
  };

  it('ends when the metric no longer improves by enough', async () => {
    const patient = await run({ ...options, earlyStopping: { patience: 2 } });
    expect([patient.history!.epochs.length, patient.history!.stoppedEarly]).toEqual([6, undefined]);
    const strict = await run({ ...options, earlyStopping: { patience: 2, minimumChange: 0.1 } });
    expect([strict.history!.epochs.length, strict.history!.stoppedEarly]).toEqual([4, true]);
    expect(strict.history!.best).toEqual({ epoch: 3, value: 1.95 });
    const highest = await run({
      ...options,
      monitor: { metric: 'error', mode: 'max' },
      earlyStopping: { patience: 2 },
    });
    expect(highest.history!.epochs.length).toBe(3);
  });

  it('counts on after a resume, and stays ended', async () => {
    const strict = { ...options, earlyStopping: { patience: 2, minimumChange: 0.1 } };
    const whole = await run(strict);
    const store = memoryCheckpoints();
    await run(abortAfter(17, { ...strict, store }));
    expectSame(await run({ ...strict, store, resume: true }), whole);
    expectSame(await run({ ...strict, store, resume: true }), whole);
  });

  it('watches the loss by default, and refuses a metric that does not exist', async () => {
    const { history } = await run({ earlyStopping: { patience: 1, minimumChange: 1e6 } });
    expect([history!.epochs.length, history!.best!.epoch]).toEqual([2, expect.any(Number)]);
    const { error } = await run({ ...options, monitor: { metric: 'f1', mode: 'max' } });
    expect((error as Error).message).toContain("expected a metric out of loss, error, got 'f1'");
  });
});

describe('fit with checkpoints, when something goes wrong', () => {
  const failure = new Error('on purpose');

  it('keeps the last good checkpoint when the loss diverges, and says where to go on', async () => {
    await expectNoLeak(async () => {
      const store = memoryCheckpoints();
      const whole = await run();
      let calls = 0;
      const diverged = await run({
        store,
        checkpoint: { everySteps: 3 },
        loss: (logits, { y }) => ({ entropy: tf.mul(crossEntropy(logits, y!), calls++ === 7 ? Number.NaN : 1) }),
      });
      expect(diverged.error).toBeInstanceOf(TrainingDivergedError);
      expect(diverged.error).toMatchObject({ step: 7, epoch: 1 });
      expect((diverged.error as Error).message).toContain('The checkpoint of step 6 is kept: go on from there.');
      expect((diverged.error as Error).message).toContain('lower it, warm it up');
      expect(await stepsIn(store)).toBe(6);
      expectSame(await run({ store, resume: true }), whole);
    });
  });

  it('never writes weights that are not finite', async () => {
    const store = memoryCheckpoints();
    let calls = 0;
    // √0 is 0 with an infinite slope: the loss stays finite, its gradient does not.
    const loss: FitOptions['loss'] = (logits, { y }) => {
      const entropy = crossEntropy(logits, y!);
      return calls++ === 4 ? tf.add(entropy, tf.mean(tf.sqrt(tf.mul(logits, 0)))) : entropy;
    };
    const { error } = await run({ store, loss, checkpoint: { everySteps: 1 } });
    expect(error).toBeInstanceOf(TrainingDivergedError);
    expect((error as Error).message).toMatch(/the weight .* became NaN or infinite at step 4/);
    expect(await stepsIn(store)).toBe(4);
  });

  it('passes on what data throws in the middle of an epoch, and goes on from the checkpoint before', async () => {
    await expectNoLeak(async () => {
      const whole = await run();
      const store = memoryCheckpoints();
      const walk = createRng(8).stream('walk');
      const source = (epoch: number) => ({
        length: 5,
        async *[Symbol.asyncIterator]() {
          let made = 0;
          for await (const batch of jittered(walk, epoch)) {
            if (epoch === 1 && made++ === 3) {
              tf.dispose([batch.x, batch.y!]);
              throw failure;
            }
            yield batch;
          }
        },
      });
      const failed = await run({ store, batches: source, checkpoint: { everySteps: 2, random: { walk } } });
      expect(failed.error).toBe(failure);
      expect(await stepsIn(store)).toBe(8);
      // The weights are those of the last step taken.
      expect(failed.weights).toEqual((await run(abortAfter(8))).weights);
      expectSame(await run({ store, resume: true }), whole);
    });
  });

  it('passes on that a store cannot write; the checkpoint before stays', async () => {
    await expectNoLeak(async () => {
      const inner = memoryCheckpoints();
      let writes = 0;
      const store: CheckpointStore = {
        read: inner.read,
        write: async (name, bytes) => {
          if (++writes === 3) throw failure;
          await inner.write(name, bytes);
        },
      };
      const { error } = await run({ store, checkpoint: { everySteps: 2 } });
      expect(error).toBe(failure);
      expect(await stepsIn(inner)).toBe(4);
      expectSame(await run({ store: inner, resume: true }), await run());
    });
  });

  it.each<[string, RunOptions, new (...args: never[]) => Error, RegExp]>([
    [
      'another model',
      { units: 7 },
      CheckpointModelError,
      /hidden\/kernel: expected float32 \[36, 7\], got float32 \[36, 6\]/,
    ],
    ['another seed', { seed: 9 }, CheckpointPartError, /got one of #8\/walk; is the seed another one\?/],
    [
      'other streams',
      { checkpoint: { random: {} } },
      CheckpointPartError,
      /expected the random streams \[\], got \[walk\]/,
    ],
    ['early stopping added', { earlyStopping: { patience: 3 } }, CheckpointPartError, /early-stopping/],
  ])('refuses to resume with %s, and changes nothing', async (_, options, type, message) => {
    const store = memoryCheckpoints();
    await run({ store, epochs: 1 });
    const { error, moved } = await run({ ...options, store, resume: true });
    expect(error).toBeInstanceOf(type);
    expect((error as Error).message).toMatch(message);
    expect(moved).toBe(false);
  });

  it('refuses another optimiser and a broken file', async () => {
    const store = memoryCheckpoints();
    await run({ store, epochs: 1 });
    const optimizer = sgd({ learningRate: 0.1 });
    expect((await run({ store, optimizer, resume: true })).error).toBeInstanceOf(CheckpointPartError);
    optimizer.dispose();
    await store.write('last', (await store.read('last'))!.slice(0, 1000));
    const broken = await run({ store, resume: 'auto' });
    expect(broken.error).toBeInstanceOf(CheckpointCorruptError);
    expect(broken.moved).toBe(false);
  });

  it.each<[string, RunOptions]>([
    ['resume without a checkpoint', { resume: true }],
    ['a word for resume', { resume: 'always' as 'auto', store: memoryCheckpoints() }],
    ['no store', { checkpoint: { store: null as never }, store: memoryCheckpoints() }],
    ['checkpoints every 0 steps', { checkpoint: { everySteps: 0 }, store: memoryCheckpoints() }],
    ['checkpoints every half epoch', { checkpoint: { everyEpochs: 0.5 }, store: memoryCheckpoints() }],
    ['a step of 0 batches', { accumulate: 0 }],
    ['no patience', { earlyStopping: { patience: 0 } }],
    ['a limit of 0', { clipValue: 0 }],
  ])('refuses %s', async (_, options) => {
    const { error, moved } = await run(options);
    expect(error).toBeInstanceOf(TrainOptionError);
    expect(moved).toBe(false);
  });
});
