import { describe, expect, it } from '@jest/globals';
import { predictLogits, sgd, TrainingDivergedError } from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';
import { blobs, leak, tinyRun, weightsOf } from '../test/support.js';
import { LabelsError, OptionError, SmoothedRun, type TrainSmoothedOptions, trainSmoothed } from './index.js';

/** Weights and losses of a training that is disposed again. */
async function outcomeOf(options: Partial<TrainSmoothedOptions> = {}) {
  const run = await trainSmoothed(tinyRun(options));
  const outcome = { weights: weightsOf(run.model), losses: run.history.map(({ loss }) => loss) };
  run.dispose();
  return outcome;
}

describe('training', () => {
  it('learns, and leaves nothing behind when it is disposed', async () => {
    let losses: number[] = [];
    expect(
      await leak(async () => {
        losses = (await outcomeOf({ epochs: 8 })).losses;
      }),
    ).toBe(0);
    expect(losses).toHaveLength(8);
    expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]!);
  });

  it('gives the same numbers for the same seed, others for another seed or ε', async () => {
    const first = await outcomeOf({ seed: 3 });
    expect(await outcomeOf({ seed: 3 })).toEqual(first);
    expect((await outcomeOf({ seed: 4 })).weights).not.toEqual(first.weights);
    expect((await outcomeOf({ seed: 3, smoothing: 0 })).weights).not.toEqual(first.weights);
  });

  it('gives a model that is the same after it was saved and loaded', async () => {
    const run = await trainSmoothed(tinyRun());
    const logits = await predictLogits(run.model, blobs());
    let artifacts: tf.io.ModelArtifacts | undefined;
    await run.model.save(
      tf.io.withSaveHandler(async (saved) => {
        artifacts = saved;
        return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(saved) };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts!));
    expect(await predictLogits(loaded, blobs())).toEqual(logits);
    loaded.dispose();
    run.dispose();
  });

  it('ends when a signal says so, with what is finished', async () => {
    const controller = new AbortController();
    const epoch = (log: { epoch: number }) => {
      if (log.epoch === 1) controller.abort();
    };
    const run = await trainSmoothed(tinyRun({ epochs: 9, signal: controller.signal, on: { epoch } }));
    expect(run).toBeInstanceOf(SmoothedRun);
    expect([run.aborted, run.history.length]).toEqual([true, 2]);
    run.dispose();
    run.dispose();
  });
});

describe('bad inputs', () => {
  const rejects = async (options: Partial<TrainSmoothedOptions>, error: new (...given: never[]) => Error) => {
    expect(await leak(() => expect(trainSmoothed(tinyRun(options))).rejects.toThrow(error))).toBe(0);
  };

  it('a smoothing that is none', () => rejects({ smoothing: 1 }, OptionError));

  it('labels that are missing', async () => {
    await rejects({ data: { ...blobs(), labels: new Int32Array(48).fill(-1) } }, LabelsError);
  });

  it('a learning rate that makes it diverge', async () => {
    await rejects({ epochs: 50, optimizer: () => sgd({ learningRate: 1e30 }) }, TrainingDivergedError);
  });
});
