import { describe, expect, it, jest } from '@jest/globals';
import { imageSet } from '@tensor-papers/datasets';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import { createRng } from '@tensor-papers/numerics/random';
import { mlp } from '@tensor-papers/tensor-core/nn';
import { sgd, TrainingDivergedError } from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';
import { leak } from '../../test/support.js';
import {
  arcFaceLoss,
  classBalancedBatches,
  dotProduct,
  type EmbeddingRun,
  EmptyBatchError,
  embedImages,
  evaluateEmbeddings,
  LabelsError,
  NoModelError,
  NonFiniteError,
  ncaTripletLoss,
  OptionError,
  SamplerError,
  SplitError,
  selectivelyContrastiveLoss,
  splitClasses,
  type TrainEmbeddingOptions,
  trainEmbedding,
} from '../index.js';

/** Four images of each class, a pattern of its own with noise. */
function patterns(from: number, classes: number, noise = 90): DataSet {
  const labels = Array.from({ length: 4 * classes }, (_, i) => from + Math.floor(i / 4));
  const noises = createRng(from).stream('noise');
  const size = 12;
  const pixels = labels.flatMap((label) => {
    const pattern = createRng(label).stream('pattern');
    return Array.from({ length: size }, () => pattern.integer(255 - noise) + noises.integer(noise));
  });
  return imageSet({
    pixels: Uint8Array.from(pixels),
    labels,
    shape: [4, 3, 1],
    classNames: Array.from({ length: 30 }, (_, i) => `class ${i}`),
    source: { id: 'patterns', sha256: '', licence: '', citation: '' },
  });
}

const data = patterns(0, 10);
const validation = patterns(10, 8);

const tiny = (options: Partial<TrainEmbeddingOptions> = {}): TrainEmbeddingOptions => ({
  makeModel: mlp({ hidden: [8] }),
  dimensions: 4,
  ...{ data, validation, epochs: 2, seed: 1, learningRates: [0.1], diagramEvery: 0 },
  loss: (embeddings, labels) => selectivelyContrastiveLoss(embeddings, labels),
  sampler: (labels, at) => classBalancedBatches(labels, { classesPerBatch: 5, ...at }),
  ...options,
});

async function trained<T>(options: Partial<TrainEmbeddingOptions>, read: (run: EmbeddingRun) => T | Promise<T>) {
  const run = await trainEmbedding(tiny(options));
  try {
    return await read(run);
  } finally {
    run.dispose();
  }
}

const weightsOf = (model: tf.LayersModel) => model.getWeights().map((weight) => Array.from(weight.dataSync()));
const lossesOf = ({ trials }: EmbeddingRun) => trials.map(({ epochs }) => epochs.map(({ loss }) => loss));

describe('trainEmbedding', () => {
  it('keeps the learning rate that is best on classes that training has not seen', async () => {
    const rates = [1e-6, 0.3, 0.03] as const;
    await trained({ learningRates: rates, epochs: 4 }, async (run) => {
      const scores = run.trials.map(({ validation: scores }) => scores!.hitAt[0]!);
      expect(run.trials.map(({ learningRate }) => learningRate)).toEqual(rates);
      expect(new Set(scores).size).toBeGreaterThan(1);
      expect(run.learningRate).toBe(rates[scores.indexOf(Math.max(...scores))]);
      const { values, length, dimensions, labels } = await embedImages(run.model, validation);
      const again = tf.tidy(() => evaluateEmbeddings(tf.tensor2d(values, [length, dimensions]), labels).hitAt[0]!);
      expect(again).toBe(Math.max(...scores));
    });
    // The worst, where that is asked for.
    await trained({ learningRates: rates, epochs: 4, select: ({ hitAt }) => -hitAt[0]! }, (run) => {
      const scores = run.trials.map(({ validation: scores }) => scores!.hitAt[0]!);
      expect(run.learningRate).toBe(rates[scores.indexOf(Math.min(...scores))]);
    });
  });

  it('learns: the loss falls', async () => {
    const losses = await trained(
      { epochs: 20, loss: (rows, labels) => ncaTripletLoss(rows, labels) },
      (run) => lossesOf(run)[0]!,
    );
    expect(losses.at(-1)!).toBeLessThan(0.7 * losses[0]!);
  });

  it('gives the same numbers for the same seed, whatever other learning rates are tried', async () => {
    const augment = [{ kind: 'shift', pixels: 1 }] as const;
    const one = await trained({ augment }, (run) => [weightsOf(run.model), lossesOf(run)]);
    const first = await trained({ augment, learningRates: [0.1, 1e-9] }, (run) => lossesOf(run)[0]);
    expect(await trained({ augment }, (run) => [weightsOf(run.model), lossesOf(run)])).toEqual(one);
    expect([first]).toEqual(one[1]);
    expect(await trained({}, lossesOf)).not.toEqual(one[1]);
    expect(await trained({ augment, seed: 2 }, lossesOf)).not.toEqual(one[1]);
  });

  it('calls back in order, validates when it should, and logs each trial', async () => {
    const events: string[] = [];
    const note = (text: string) => void events.push(text);
    await trained(
      {
        epochs: 3,
        learningRates: [0.1, 0.2],
        validateEvery: 2,
        diagramEvery: 3,
        sinks: (rate) => [{ epoch: () => {}, end: ({ steps }) => note(`end ${rate}: ${steps} steps`) }],
        on: {
          trialStart: ({ learningRate, trial }) => note(`start ${trial}: ${learningRate}`),
          diagram: ({ step, diagram }) => note(`diagram ${step}: ${diagram.anchors} anchors`),
          epoch: ({ log }) => note(`epoch ${log.epoch}${log.validation ? ', validated' : ''}`),
          trial: ({ learningRate }) => note(`trial ${learningRate}`),
        },
      },
      () => {},
    );
    const ofTrial = (trial: number, rate: number) => [
      ...[`start ${trial}: ${rate}`, 'diagram 0: 10 anchors', 'epoch 0', 'diagram 3: 10 anchors'],
      ...['epoch 1, validated', 'epoch 2, validated', `end ${rate}: 6 steps`, `trial ${rate}`],
    ];
    expect(events).toEqual([...ofTrial(0, 0.1), ...ofTrial(1, 0.2)]);
  });

  it('takes the optimiser and the schedule of each learning rate', async () => {
    const rates: number[] = [];
    await trained(
      {
        learningRates: [0.1, 0.2],
        optimizer: (learningRate) => sgd({ learningRate, momentum: 0.9 }),
        schedule:
          (learningRate) =>
          ({ epoch }) =>
            learningRate / (epoch + 1),
        on: { epoch: ({ log }) => void rates.push(log.learningRate) },
      },
      () => {},
    );
    expect(rates).toEqual([0.1, 0.05, 0.2, 0.1]);
  });

  it('trains proxies beside the model', async () => {
    const seen: number[][] = [];
    const after = await trained(
      {
        proxies: true,
        loss: (embeddings, labels, { proxies }) => {
          seen.push(Array.from(proxies!.dataSync()));
          return arcFaceLoss(embeddings, labels, proxies!);
        },
      },
      ({ proxies }) => proxies!.shape.concat(Array.from(proxies!.dataSync())),
    );
    expect(after.slice(0, 2)).toEqual([30, 4]);
    expect(after.slice(2)).not.toEqual(seen.at(-1));
    expect(seen.at(-1)).not.toEqual(seen[0]);
  });

  it('warns of a collapse, once a trial', async () => {
    const makeModel: TrainEmbeddingOptions['makeModel'] = ({ inputShape, classes }) =>
      tf.sequential({
        layers: [
          tf.layers.flatten({ inputShape: [...inputShape] }),
          tf.layers.dense({ units: classes, kernelInitializer: 'zeros', biasInitializer: 'ones' }),
        ],
      });
    const warnings: string[] = [];
    const collapsing = { makeModel, diagramEvery: 1, epochs: 3 };
    await trained({ ...collapsing, on: { warning: (message) => void warnings.push(message) } }, () => {});
    expect(warnings).toEqual([expect.stringMatching(/^step 0, learning rate 0.1: the embedding has collapsed/)]);
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    await trained(collapsing, () => {});
    expect(warn.mock.calls).toEqual([[warnings[0]]]);
    warn.mockRestore();
  });

  it('leaves a learning rate out at which the loss diverges', async () => {
    let rate = 0;
    const loss: TrainEmbeddingOptions['loss'] = (embeddings, labels) =>
      tf.mul(selectivelyContrastiveLoss(embeddings, labels), rate === 0.5 ? Number.NaN : 1);
    const on: TrainEmbeddingOptions['on'] = {
      trialStart: ({ learningRate }) => {
        rate = learningRate;
      },
    };
    await trained({ loss, on, learningRates: [0.5, 0.1] }, ({ learningRate, trials }) => {
      expect(learningRate).toBe(0.1);
      expect(trials.map(({ diverged, validation: scores }) => [diverged, scores === null])).toEqual([
        [true, true],
        [false, false],
      ]);
    });
    for (const learningRates of [[0.5], [0.5, 0.5]] as const) {
      const left = await leak(() =>
        expect(trainEmbedding(tiny({ loss, on, learningRates: [...learningRates] as [number] }))).rejects.toThrow(
          TrainingDivergedError,
        ),
      );
      expect(left).toBe(0);
    }
  });

  it('leaves a learning rate out at which the embeddings diverge', async () => {
    const unnormalised: TrainEmbeddingOptions['loss'] = (embeddings, labels) =>
      selectivelyContrastiveLoss(embeddings, labels, { distance: dotProduct() });
    const ofRates = (learningRates: TrainEmbeddingOptions['learningRates']) => ({ loss: unnormalised, learningRates });
    await trained({ ...ofRates([1e30, 0.001]), epochs: 3 }, ({ learningRate, trials }) => {
      expect(learningRate).toBe(0.001);
      expect(trials.map(({ diverged }) => diverged)).toEqual([true, false]);
    });
    for (const rates of [[1e30], [1e30, 1e31]] as const) {
      const failing = () => trainEmbedding(tiny({ ...ofRates([...rates] as [number]), epochs: 3 }));
      expect(await leak(() => expect(failing()).rejects.toThrow(NonFiniteError))).toBe(0);
    }
  });

  it('leaves no tensors, neither after dispose nor when it fails', async () => {
    const many: Partial<TrainEmbeddingOptions> = { learningRates: [0.1, 0.2, 0.05], proxies: true, diagramEvery: 1 };
    const left = await leak(async () => {
      const run = await trainEmbedding(tiny({ ...many, on: { warning: () => {} } }));
      run.dispose();
      run[Symbol.dispose]();
      expect(run.disposed).toBe(true);
    });
    expect(left).toBe(0);
    const failing = () => {
      throw new Error('callback');
    };
    for (const on of [
      { trialStart: failing },
      { step: failing },
      { diagram: failing },
      { epoch: failing },
      { trial: failing },
    ]) {
      expect(await leak(() => expect(trainEmbedding(tiny({ ...many, on }))).rejects.toThrow('callback'))).toBe(0);
    }
    const select = () => Number.NaN;
    expect(await leak(() => expect(trainEmbedding(tiny({ ...many, select }))).rejects.toThrow(OptionError))).toBe(0);
    expect(await leak(() => expect(trainEmbedding(tiny({ loss: failing }))).rejects.toThrow('callback'))).toBe(0);
  });

  it('ends when the signal says so, with what was finished', async () => {
    const controller = new AbortController();
    const on: TrainEmbeddingOptions['on'] = {
      trialStart: ({ trial }) => {
        if (trial === 1) controller.abort();
      },
    };
    const left = await leak(async () => {
      await trained(
        { learningRates: [0.1, 0.2], signal: controller.signal, on },
        ({ aborted, trials, learningRate }) => {
          expect([aborted, trials.length, learningRate]).toEqual([true, 1, 0.1]);
        },
      );
      const run = await trainEmbedding(tiny({ signal: controller.signal }));
      expect([run.aborted, run.trials, run.learningRate]).toEqual([true, [], null]);
      expect(() => run.model).toThrow(NoModelError);
    });
    expect(left).toBe(0);
  });

  it.each<[string, new (message: string) => Error, Readonly<Record<string, unknown>>]>([
    ['no dimension', OptionError, { dimensions: 0 }],
    ['no epoch', OptionError, { epochs: 0 }],
    ['no learning rate', OptionError, { learningRates: [] as unknown as [number] }],
    ['a learning rate of 0', OptionError, { learningRates: [0] }],
    [
      'learning rates to choose from without validation',
      OptionError,
      { learningRates: [0.1, 0.2], validation: undefined },
    ],
    ['validation every epoch without any', OptionError, { validateEvery: 1, validation: undefined }],
    ['a negative number of steps between diagrams', OptionError, { diagramEvery: -1 }],
    ['validation with trained classes', SplitError, { validation: patterns(9, 3) }],
    ['validation of another shape', OptionError, { validation: { ...validation, shape: [2, 6, 1] } }],
    [
      'validation without labels',
      LabelsError,
      { validation: { ...validation, labels: validation.labels.map(() => -1) } },
    ],
    ['too few labels', LabelsError, { data: { ...data, labels: data.labels.slice(1) } }],
    ['no image', EmptyBatchError, { data: { ...data, length: 0, labels: new Int32Array(0) } }],
    ['a sampler without batches', SamplerError, { sampler: () => [] }],
    ['a sampler with an empty batch', SamplerError, { sampler: () => [[]] }],
  ])('%s is an error', async (_, error, options) => {
    const wrong = { ...tiny(), ...options } as unknown as TrainEmbeddingOptions;
    expect(await leak(() => expect(trainEmbedding(wrong)).rejects.toThrow(error))).toBe(0);
  });
});

describe('embedImages', () => {
  const raw = (x: tf.Tensor4D) => tf.slice(tf.reshape(tf.sub(x, x.slice([0], [1])), [x.shape[0], -1]), [0, 0], [-1, 3]);

  it('gives unit rows with the names and labels of the images', async () => {
    const { values, length, dimensions, ids, labels } = await embedImages(raw, data, { indices: [0, 7, 3] });
    expect([length, dimensions, ids, Array.from(labels)]).toEqual([3, 3, ['0', '7', '3'], [0, 1, 0]]);
    // The first row is a row of zeros.
    const norms = [0, 1, 2].map((row) => Math.hypot(...values.subarray(3 * row, 3 * row + 3)));
    expect(norms[0]).toBe(0);
    for (const norm of norms.slice(1)) expect(norm).toBeCloseTo(1, 6);
    const asTheyAre = await embedImages(raw, data, { indices: [0, 7, 3], normalise: false });
    const bytes = (await data.images([0, 7])) as Uint8Array;
    expect(asTheyAre.values[3]).toBeCloseTo((bytes[12]! - bytes[0]!) / 255, 6);
    const all = await embedImages(raw, data);
    expect([all.length, all.ids.length, all.labels]).toEqual([40, 40, data.labels]);
  });

  it('needs an image', async () => {
    await expect(embedImages(raw, data, { indices: [] })).rejects.toThrow(EmptyBatchError);
  });
});

describe('splitClasses', () => {
  const labels = [3, 0, -1, 5, 3, 0, 9, 9];

  it('holds out whole classes, others for another seed', () => {
    const splits = Array.from({ length: 20 }, (_, seed) => splitClasses(labels, { classes: 2, rng: createRng(seed) }));
    for (const { train, heldOut, heldOutClasses } of splits) {
      expect(new Set(Array.from(heldOut, (i) => labels[i]))).toEqual(new Set(heldOutClasses));
      expect(heldOutClasses).toHaveLength(2);
      expect([...train, ...heldOut].sort()).toEqual([0, 1, 3, 4, 5, 6, 7]);
      for (const i of train) expect(heldOutClasses).not.toContain(labels[i]);
    }
    expect(new Set(splits.map(({ heldOutClasses }) => heldOutClasses.join())).size).toBeGreaterThan(3);
    expect(splitClasses(labels, { classes: 2, rng: createRng(4) })).toEqual(splits[4]);
  });

  it('leaves a class to train on', () => {
    const rng = createRng(1);
    expect(splitClasses(labels, { classes: 3, rng }).train.length).toBeGreaterThan(0);
    expect(() => splitClasses(labels, { classes: 4, rng })).toThrow(SplitError);
    expect(() => splitClasses(labels, { classes: 0, rng })).toThrow(OptionError);
    expect(() => splitClasses([0, 0.5], { classes: 1, rng })).toThrow(LabelsError);
  });
});
