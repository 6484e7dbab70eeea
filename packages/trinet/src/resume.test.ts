import { describe, expect, it } from '@jest/globals';
import {
  CheckpointEngineError,
  CheckpointModelError,
  CheckpointNotFoundError,
  CheckpointPartError,
  type CheckpointStore,
  captureCheckpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  memoryCheckpoints,
  sgd,
} from '@tensor-papers/tensor-core/train';
import { blobs, features, leak, netWeights, tinyRun, withoutLabels } from '../test/support.js';
import { ConfigurationError, type Phase, type TriNetOptions, trainTriNet } from './index.js';

/** What a run came to, all of it, or the error that ended it. */
async function outcomeOf(options: Partial<TriNetOptions>) {
  const run = await trainTriNet(tinyRun({ ...options, on: { warning: () => {}, ...options.on } }));
  const { net, history, aborted } = run;
  const predictions = (await net.evaluate(blobs({ length: 9, seed: 8 }))).sums;
  const outcome = { weights: netWeights(net), history, aborted, predictions: Array.from(predictions) };
  run.dispose();
  return outcome;
}

const killed = new Error('killed');
const at = ({ kind, round, head }: Phase) => `${kind} ${round}.${head ?? 0}`;

/** Kills a run after a step, named by its phase and number, and returns what it left. */
async function killedAfter(
  phase: string,
  step: number,
  options: Partial<TriNetOptions> = {},
): Promise<CheckpointStore> {
  const store = memoryCheckpoints();
  const on: TriNetOptions['on'] = {
    warning: () => {},
    ...options.on,
    step: ({ phase: now, log }) => {
      if (at(now) === phase && log.step === step) throw killed;
    },
  };
  await expect(trainTriNet(tinyRun({ checkpoint: { store, everySteps: 2 }, ...options, on }))).rejects.toBe(killed);
  return store;
}

const resumed = (store: CheckpointStore, options: Partial<TriNetOptions> = {}) =>
  outcomeOf({ checkpoint: { store, everySteps: 2 }, resume: true, ...options });

describe('a run that was killed goes on as if it had never stopped, to the bit', () => {
  let whole: ReturnType<typeof outcomeOf> | undefined;

  it.each([
    ['initialise 0.0', 5],
    ['head 1.1', 0],
    ['head 1.2', 1],
    ['finetune 2.0', 1],
    ['head 3.1', 2],
    ['head 3.3', 1],
  ])('in %s after step %i', async (phase, step) => {
    whole ??= outcomeOf({});
    const store = await killedAfter(phase, step);
    expect(await resumed(store)).toEqual(await whole);
  });

  it('between rounds, while a pool is labelled, and more than once', async () => {
    whole ??= outcomeOf({});
    const fail = () => {
      throw killed;
    };
    const store = memoryCheckpoints();
    const moments: NonNullable<TriNetOptions['on']>[] = [
      { round: ({ round }) => (round === 0 ? fail() : undefined) },
      { roundStart: ({ round }) => (round === 2 ? fail() : undefined) },
      { pseudoLabels: ({ round, head }) => (round === 3 && head === 2 ? fail() : undefined) },
      { round: ({ round }) => (round === 3 ? fail() : undefined) },
    ];
    for (const on of moments) {
      const run = trainTriNet(tinyRun({ checkpoint: { store }, resume: 'auto', on }));
      await expect(run).rejects.toBe(killed);
    }
    expect(await resumed(store)).toEqual(await whole);
  });

  it.each<[string, Partial<TriNetOptions>]>([
    ['labels for all heads at once', { simultaneous: true }],
    ['kept predictions', { keepPredictions: true }],
    [
      'a share of labels, epochs and augmentation',
      { labeledFraction: 0.5, augment: [{ kind: 'flip' }], headTraining: { epochs: 2 } },
    ],
    ['rounds that do not train', { fineTune: false }],
  ])('with %s', async (_, options) => {
    const store = await killedAfter('head 3.2', 1, options);
    expect(await resumed(store, options)).toEqual(await outcomeOf(options));
  });

  it('where the signal ended it, in a step or in labelling', async () => {
    whole ??= outcomeOf({});
    for (const moment of ['step', 'pseudoLabels'] as const) {
      const store = memoryCheckpoints();
      const controller = new AbortController();
      const on: TriNetOptions['on'] = {
        step: ({ phase, log }) =>
          moment === 'step' && at(phase) === 'head 3.1' && log.step === 1 ? controller.abort() : undefined,
        pseudoLabels: ({ round }) => (moment === 'pseudoLabels' && round === 3 ? controller.abort() : undefined),
      };
      const stopped = await outcomeOf({ checkpoint: { store, everySteps: 100 }, signal: controller.signal, on });
      expect([stopped.aborted, stopped.history.length]).toEqual([true, 3]);
      expect(await resumed(store)).toEqual(await whole);
    }
  });

  it('gives the same at once when it was finished, and goes on for more rounds', async () => {
    whole ??= outcomeOf({});
    const store = memoryCheckpoints();
    const steps: string[] = [];
    await outcomeOf({ checkpoint: { store }, rounds: 1 });
    expect(await resumed(store, { rounds: 1, on: { step: ({ phase }) => void steps.push(at(phase)) } })).toEqual(
      await outcomeOf({ rounds: 1 }),
    );
    expect(steps).toEqual([]);
    expect(await resumed(store)).toEqual(await whole);
  });
});

describe('resume', () => {
  it('says where it goes on, and when checkpoints are written', async () => {
    const written: string[] = [];
    const store = memoryCheckpoints();
    const on: TriNetOptions['on'] = {
      checkpoint: ({ phase, steps }) => void written.push(`${at(phase)} ${steps}`),
    };
    await outcomeOf({ checkpoint: { store, everySteps: 2 }, rounds: 1, initialisation: { steps: 4 }, on });
    expect(written).toEqual([
      'initialise 0.0 2',
      'initialise 0.0 4',
      // Once more as the epoch ends: its record is part of the state.
      'initialise 0.0 4',
      ...[1, 2, 3].flatMap((h) => [`head 1.${h} 2`, `head 1.${h} 3`]),
    ]);
    const found: string[] = [];
    await resumed(store, {
      rounds: 1,
      initialisation: { steps: 4 },
      on: { resume: (phase) => void found.push(at(phase)) },
    });
    expect(found).toEqual(['head 1.3']);
  });

  it('begins anew where auto finds nothing, and says so where it must not', async () => {
    const checkpoint = { store: memoryCheckpoints() };
    const options = { rounds: 0, checkpoint };
    await expect(trainTriNet(tinyRun({ ...options, resume: true }))).rejects.toThrow(CheckpointNotFoundError);
    expect((await outcomeOf({ ...options, resume: 'auto' })).history).toHaveLength(1);
  });

  it('refuses another configuration, before anything changes and without a leak', async () => {
    const store = await killedAfter('head 3.1', 2);
    const before = await store.read('last');
    const refuses = async (options: Partial<TriNetOptions>, error: unknown, message: string) => {
      const attempt = () => trainTriNet(tinyRun({ checkpoint: { store }, resume: true, ...options }));
      const matches = expect.objectContaining({ constructor: error, message: expect.stringContaining(message) });
      expect(await leak(() => expect(attempt()).rejects.toThrow(matches as unknown as Error))).toBe(0);
    };
    await refuses({ std: 0.1 }, ConfigurationError, 'std: the checkpoint has 0.05, this run 0.1');
    await refuses(
      { seed: 2, batchSize: 9 },
      ConfigurationError,
      'seed: the checkpoint has 1, this run 2; batchSize: the checkpoint has 8, this run 9',
    );
    await refuses({ sigma0: 0.6 }, ConfigurationError, 'sigma0');
    await refuses({ augment: [{ kind: 'flip' }] }, ConfigurationError, 'augment');
    await refuses(
      { headTraining: { epochs: 3 } },
      ConfigurationError,
      'headTraining: the checkpoint has {"steps":3}, this run {"epochs":3}',
    );
    const labeled = blobs({ length: 12, seed: 3 });
    await refuses({ labeled: { ...labeled, labels: labeled.labels.slice().reverse() } }, ConfigurationError, 'labeled');
    await refuses({ unlabeled: withoutLabels(blobs({ length: 47, seed: 4 })) }, ConfigurationError, 'unlabeled');
    await refuses(
      { rounds: 1 },
      ConfigurationError,
      'stands in round 3, after the last round of this run; give `rounds` of at least 3',
    );
    await refuses(
      { trunk: features(17, 0.2) },
      CheckpointModelError,
      'hidden/kernel: expected float32 [8, 17], got float32 [8, 16]',
    );
    await refuses({ optimizer: () => sgd({ learningRate: 0.1 }) }, CheckpointPartError, 'optimizer');
    expect(await store.read('last')).toEqual(before);
  });

  it('refuses a checkpoint of something else, and one of another engine unless that is allowed', async () => {
    const store = memoryCheckpoints();
    await store.write(
      'last',
      await encodeCheckpoint(
        await captureCheckpoint({ other: { capture: () => ({}), prepareRestore: () => () => {} } }),
      ),
    );
    await expect(trainTriNet(tinyRun({ checkpoint: { store }, resume: true }))).rejects.toThrow(CheckpointPartError);
    const own = await killedAfter('head 1.1', 2);
    const checkpoint = await decodeCheckpoint((await own.read('last'))!);
    await own.write(
      'last',
      await encodeCheckpoint({ ...checkpoint, engine: { ...checkpoint.engine, version: '0.0.0' } }),
    );
    await expect(trainTriNet(tinyRun({ checkpoint: { store: own }, resume: true }))).rejects.toThrow(
      CheckpointEngineError,
    );
    const run = await trainTriNet(tinyRun({ checkpoint: { store: own, allowOtherEngine: true }, resume: true }));
    expect(run.history).toHaveLength(4);
    run.dispose();
  });
});
