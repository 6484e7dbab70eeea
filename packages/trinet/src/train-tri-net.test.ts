import { describe, expect, it } from '@jest/globals';
import { mlp } from '@tensor-papers/tensor-core/nn';
import { predictLogits, sgd } from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';
import {
  blobs,
  dataOf,
  features,
  leak,
  netWeights,
  noData,
  normalisedFeatures,
  tinyRun,
  weightsOf,
  withoutLabels,
} from '../test/support.js';
import {
  DataError,
  type DesCount,
  drawPool,
  type HeadNumber,
  LabelsError,
  MissingClassError,
  ModuleError,
  OptionError,
  type RoundPseudoLabels,
  roundSchedule,
  type TriNet,
  type TriNetOptions,
  type TriNetRun,
  type TriNetWarning,
  trainTriNet,
} from './index.js';

/** Trains, reads and disposes. */
async function trained<T>(options: Partial<TriNetOptions>, read: (run: TriNetRun) => T | Promise<T>): Promise<T> {
  const run = await trainTriNet(tinyRun({ ...options, on: { warning: () => {}, ...options.on } }));
  try {
    return await read(run);
  } finally {
    run.dispose();
  }
}

const outcome = ({ net, history, aborted }: TriNetRun) => ({ weights: netWeights(net), history, aborted });
const outcomeOf = (options: Partial<TriNetOptions>) => trained(options, outcome);
const truth = blobs({ length: 48, seed: 4 }).labels;

describe('trainTriNet', () => {
  it('follows the schedule and reports every round', async () => {
    const validation = blobs({ length: 15, seed: 9 });
    await trained({ trueLabels: truth, validation }, async ({ net, history, aborted, warnings }) => {
      expect(aborted).toBe(false);
      expect(warnings).toEqual([]);
      expect(history.map(({ round, kind, pool, threshold }) => [round, kind, pool, threshold])).toEqual([
        [0, 'initialise', 0, null],
        [1, 'label', 24, 0.4],
        [2, 'finetune', 48, null],
        [3, 'label', 48, expect.closeTo(0.35, 9)],
      ]);
      for (const { kind, heads, losses, disagreement, pairDisagreement, confidence, ...report } of history) {
        expect(heads.map(({ head }) => head)).toEqual(kind === 'label' ? [1, 2, 3] : []);
        expect(losses.length).toBe(kind === 'label' ? 0 : kind === 'initialise' ? 6 : 1);
        expect(disagreement).toBeCloseTo(pairDisagreement!.reduce((a, b) => a + b, 0) / 3, 12);
        expect(confidence).toBeGreaterThan(1 / 3);
        expect(Number.isInteger(Math.round(1e9 * report.unlabeledError! * 48) / 1e9)).toBe(true);
        expect(report.validationAccuracy!.heads).toHaveLength(3);
        for (const { accepted, edited, kept, perClass, errors, losses: own } of heads) {
          expect(kept).toBe(accepted - edited);
          expect(accepted).toBeGreaterThan(0);
          expect(accepted).toBeLessThanOrEqual(report.pool);
          expect(perClass.reduce((a, b) => a + b, 0)).toBe(kept);
          expect(errors!.kept! * kept).toBeCloseTo(errors!.accepted! * accepted - (errors!.removed ?? 0) * edited, 9);
          expect(own).toHaveLength(1);
        }
      }
      // The last report is that of the net that is returned.
      const { classes } = await net.evaluate(validation);
      const right = Array.from(classes).filter((each, i) => each === validation.labels[i]).length;
      expect(history.at(-1)!.validationAccuracy!.sumRule).toBeCloseTo(right / 15, 12);
    });
  });

  it('learns what is easy', async () => {
    await trained({ trueLabels: truth, initialisation: { epochs: 30 }, headTraining: { steps: 8 } }, ({ history }) => {
      expect(history[0]!.losses.at(-1)).toBeLessThan(history[0]!.losses[0]!);
      expect(history.at(-1)!.unlabeledError).toBeLessThan(0.25);
    });
  });

  it('the same seed gives the same numbers to the bit, another one others', async () => {
    const options = { augment: [{ kind: 'shift', pixels: 1 }], validation: blobs({ length: 6 }) } as const;
    const first = await outcomeOf(options);
    expect(await outcomeOf(options)).toEqual(first);
    expect((await outcomeOf({ ...options, seed: 2 })).weights).not.toEqual(first.weights);
  });

  it('never looks at the labels of the unlabelled data, and true labels change nothing but reports', async () => {
    const hidden = await outcomeOf({});
    const shown = await outcomeOf({ unlabeled: blobs({ length: 48, seed: 4 }), trueLabels: truth });
    expect(shown.weights).toEqual(hidden.weights);
  });

  it('more rounds change nothing in the first ones', async () => {
    const [short, long] = [await outcomeOf({ rounds: 1 }), await outcomeOf({ rounds: 2 })];
    expect(long.history.slice(0, 2)).toEqual(short.history);
  });

  it('has as many tensors in every round, and none after dispose or where it fails', async () => {
    const tensors: number[] = [];
    const round = () => void tensors.push(tf.memory().numTensors);
    expect(await leak(() => trained({ on: { round } }, () => {}))).toBe(0);
    expect(new Set(tensors).size).toBe(1);
    const failing = () => {
      throw new Error('callback');
    };
    const hooks = [{ roundStart: failing }, { round: failing }, { step: failing }, { pseudoLabels: failing }];
    for (const on of hooks) {
      expect(await leak(() => expect(trainTriNet(tinyRun({ on }))).rejects.toThrow('callback'))).toBe(0);
    }
  });

  it('calls back in order', async () => {
    const events: string[] = [];
    const note = (text: string) => void events.push(text);
    await trained(
      {
        rounds: 2,
        initialisation: { epochs: 1 },
        on: {
          roundStart: ({ round, rounds, kind, pool, threshold }) =>
            note(`${round}/${rounds} ${kind} ${pool} ${threshold}`),
          pseudoLabels: ({ round, head }) => note(`labels ${round}.${head}`),
          step: ({ phase, log }) => (log.step === 0 ? note(`${phase.kind} ${phase.round}.${phase.head}`) : undefined),
          round: ({ round }, net) => note(`end ${round} ${net.classes}`),
        },
        sinks: ({ kind }) => [{ epoch: () => {}, end: ({ steps }) => note(`${kind} ${steps}`) }],
      },
      () => {},
    );
    const heads = (round: number) =>
      [1, 2, 3].flatMap((head) => [`labels ${round}.${head}`, `head ${round}.${head}`, 'head 3']);
    expect(events).toEqual([
      ...['0/2 initialise 0 null', 'initialise 0.null', 'initialise 2', 'end 0 3'],
      ...['1/2 label 24 0.4', ...heads(1), 'end 1 3'],
      ...['2/2 finetune 48 null', 'finetune 2.null', 'finetune 3', 'end 2 3'],
    ]);
  });
});

describe('a labelling round', () => {
  it('trains head 1 with the trunk, and heads 2 and 3 alone: everything else stays to the bit', async () => {
    const seen: { head: HeadNumber | null; before: number[][][] }[] = [];
    let net: TriNet;
    const modules = tinyRun();
    await trained(
      {
        trunk: (context) => {
          const model = modules.trunk(context);
          net = { layers: [model] } as unknown as TriNet;
          return model;
        },
        heads: modules.heads.map((head) => (context) => {
          const model = head(context);
          (net.layers as tf.LayersModel[]).push(model);
          return model;
        }),
        rounds: 1,
        on: {
          step: ({ phase, log }) => void (log.step === 0 && seen.push({ head: phase.head, before: netWeights(net) })),
        },
      },
      ({ net: last }) => {
        const states = [...seen.slice(1).map(({ before }) => before), netWeights(last)];
        // `before` was taken after the first step of its phase: of three, each pair spans the rest of one and the beginning of the next.
        const same = (i: number, layer: number) =>
          JSON.stringify(states[i]![layer]) === JSON.stringify(states[i + 1]![layer]);
        // From step 1 of head 3 to the end: only head 3 moves.
        expect([0, 1, 2, 3].map((layer) => same(2, layer))).toEqual([true, true, true, false]);
        // From step 1 of head 2 to step 1 of head 3: heads 2 and 3 move.
        expect([0, 1, 2, 3].map((layer) => same(1, layer))).toEqual([true, true, false, false]);
        // From step 1 of head 1 to step 1 of head 2: trunk, heads 1 and 2 move.
        expect([0, 1, 2, 3].map((layer) => same(0, layer))).toEqual([false, false, false, true]);
      },
    );
  });

  it('labels what two heads agree on with enough confidence, from the pool of the round', async () => {
    const labels: RoundPseudoLabels[] = [];
    const unlabeled = withoutLabels(blobs({ length: 48, seed: 4 }));
    const reports = await trained({ on: { pseudoLabels: (each) => void labels.push(each) } }, ({ history }) => history);
    expect(labels.map(({ round, head }) => [round, head])).toEqual(
      [1, 3].flatMap((round) => [1, 2, 3].map((head) => [round, head])),
    );
    for (const { round, head, kept, removed } of labels) {
      const { threshold, heads } = reports[round]!;
      expect(kept.indices).toHaveLength(heads[head - 1]!.kept);
      expect(removed.indices).toHaveLength(heads[head - 1]!.edited);
      for (const part of [kept, removed]) {
        expect([...part.confidence].every((value) => value > threshold!)).toBe(true);
        expect([...part.indices]).toEqual([...new Set(part.indices)].sort((a, b) => a - b));
        expect([...part.indices].every((index) => index >= 0 && index < unlabeled.length)).toBe(true);
      }
      expect([...kept.mismatches].every((k) => 3 * k <= 3)).toBe(true);
      expect([...removed.mismatches].every((k) => 3 * k > 3)).toBe(true);
    }
    const pool = new Set(labels[0]!.kept.indices);
    expect(pool.size).toBeLessThanOrEqual(24);
  });

  it('labels for each head after the one before was trained, or for all at once', async () => {
    const labelsOf = async (simultaneous: boolean) => {
      const events: string[] = [];
      const kept: Int32Array[] = [];
      await trained(
        {
          simultaneous,
          rounds: 1,
          on: {
            pseudoLabels: ({ head, kept: { labels } }) => {
              events.push(`labels ${head}`);
              kept.push(labels);
            },
            step: ({ phase, log }) => void (log.step === 0 && events.push(`${phase.kind} ${phase.head}`)),
          },
        },
        () => {},
      );
      return { events: events.slice(1), kept };
    };
    const [turns, once] = [await labelsOf(false), await labelsOf(true)];
    expect(turns.events).toEqual(['labels 1', 'head 1', 'labels 2', 'head 2', 'labels 3', 'head 3']);
    expect(once.events).toEqual(['labels 1', 'labels 2', 'labels 3', 'head 1', 'head 2', 'head 3']);
    expect(once.kept[0]).toEqual(turns.kept[0]);
    expect(once.kept[1]).not.toEqual(turns.kept[1]);
  });

  it('goes on where no pseudo-label is left, and says so; training is then that on labels', async () => {
    const warnings: TriNetWarning[] = [];
    // No mean confidence is larger than 1 in float32.
    const none = { sigma0: 1 - 1e-12, sigmaOs: 0, sigmaDecrement: 0, rounds: 1 };
    const strict = await outcomeOf({ ...none, on: { warning: (warning) => void warnings.push(warning) } });
    expect(warnings.map(({ code, round, head }) => [code, round, head])).toEqual(
      [1, 2, 3].map((head) => ['trinet/no-pseudo-labels', 1, head]),
    );
    expect(warnings[0]!.message).toMatch(/round 1, head 1: no pseudo-label is left \(0 of 24 accepted/);
    expect(strict.history[1]!.warnings).toHaveLength(3);
    expect(strict.history[1]!.heads.map(({ kept, confidence }) => [kept, confidence])).toEqual(
      Array(3).fill([0, null]),
    );
    const revised = await outcomeOf({
      ...{ rounds: 1, sigmaDecrement: 0 },
      desPasses: 0,
      revise: ({ indices, labels, confidence, mismatches }) => ({
        ...{ indices: indices.slice(0, 0), labels: labels.slice(0, 0) },
        ...{ confidence: confidence.slice(0, 0), mismatches: mismatches.slice(0, 0) },
      }),
    });
    const alone = await outcomeOf({ ...none, desPasses: 0, on: {} });
    expect(revised.weights).toEqual(alone.weights);
  });

  it('trains on what `revise` returns, and reports errors of what the heads said', async () => {
    const seen: number[] = [];
    const falseTruth = truth.map((label, i) => (i % 4 === 0 ? (label + 1) % 3 : label));
    const options = { rounds: 1, trueLabels: falseTruth };
    const revised = await outcomeOf({
      ...options,
      revise: (labels, { round, head }) => {
        seen.push(round, head);
        return { ...labels, labels: labels.indices.map((index) => falseTruth[index]!) };
      },
    });
    expect(seen).toEqual([1, 1, 1, 2, 1, 3]);
    const plain = await outcomeOf(options);
    expect(revised.history[1]!.heads[0]!.errors).toEqual(plain.history[1]!.heads[0]!.errors);
    expect(plain.history[1]!.heads[0]!.errors!.kept).toBeGreaterThan(0);
    expect(revised.weights).not.toEqual(plain.weights);
  });
});

it('counts errors among known truths only', async () => {
  const options = { rounds: 1, initialisation: { steps: 4 }, desPasses: 0 };
  const unknown = (share: number) => truth.map((label, i) => (i % 4 < share ? -1 : label));
  const errors = async (trueLabels: Int32Array) => {
    const { history } = await outcomeOf({ ...options, trueLabels });
    return { unlabeled: history[0]!.unlabeledError, first: history[1]!.heads[0]!.errors };
  };
  expect(await errors(unknown(4))).toEqual({ unlabeled: null, first: { accepted: null, kept: null, removed: null } });
  const { unlabeled } = await errors(unknown(3));
  expect(Number.isInteger(Math.round(1e9 * unlabeled! * 12) / 1e9)).toBe(true);
  expect(unlabeled).toBeLessThan(1);
});

describe('options', () => {
  let plain: ReturnType<typeof outcomeOf> | undefined;

  it.each<[string, Partial<TriNetOptions>]>([
    ['std', { std: 0 }],
    ['no fine-tuning', { fineTune: false }],
    ['the noise of the beginning', { freshSmearing: false }],
    ['no editing', { desPasses: 0 }],
    ['another K', { desPasses: 6 }],
    ['strict editing', { desPasses: 6, desCount: 'sum' }],
    ['self-training', { labelers: 'self' }],
    ['a share of labels', { labeledFraction: 0.5 }],
    ['all heads at once', { simultaneous: true }],
    ['clipping', { clipNorm: 0.01 }],
    [
      'a schedule',
      {
        schedule:
          ({ kind }) =>
          () =>
            kind === 'head' ? 0.1 : 0.2,
      },
    ],
  ])('%s changes the run', async (_, options) => {
    plain ??= outcomeOf({});
    expect((await outcomeOf(options)).weights).not.toEqual((await plain).weights);
  });

  it('without fine-tuning the threshold falls all the same', async () => {
    const { history } = await outcomeOf({ fineTune: false });
    expect(history[2]).toMatchObject({ kind: 'finetune', losses: [] });
    expect(history[3]!.threshold).toBeCloseTo(0.35, 9);
  });

  it('makes an optimiser for every phase', async () => {
    const phases: string[] = [];
    const optimizer: TriNetOptions['optimizer'] = ({ kind, round, head }) => {
      phases.push(`${kind} ${round} ${head}`);
      return sgd({ learningRate: 0.1 });
    };
    await trained({ optimizer, rounds: 2 }, () => {});
    expect(phases).toEqual(['initialise 0 null', ...[1, 2, 3].map((head) => `head 1 ${head}`), 'finetune 2 null']);
  });

  it('passes on the class of every stochastic pass where it is asked for', async () => {
    const found: RoundPseudoLabels[] = [];
    const on = { pseudoLabels: (labels: RoundPseudoLabels) => void found.push(labels) };
    await trained({ rounds: 1, keepPredictions: true, on }, () => {});
    for (const part of found.flatMap(({ kept, removed }) => [kept, removed])) {
      expect(part.predictions).toHaveLength(3 * part.indices.length);
      part.labels.forEach((label, i) => {
        const passes = Array.from(part.predictions!.subarray(3 * i, 3 * i + 3));
        expect(passes.filter((each) => each !== label)).toHaveLength(part.mismatches[i]!);
      });
    }
  });

  it('moving statistics stay as they are after the initialisation, unless asked otherwise', async () => {
    const statistics = async (freezeStatistics: boolean) => {
      const states: string[] = [];
      const state = (net: TriNet) => JSON.stringify(weightsOf(net.trunk).slice(-2));
      const on = { round: (_: unknown, net: TriNet) => void states.push(state(net)) };
      await trained({ trunk: normalisedFeatures, freezeStatistics, on }, () => {});
      return states;
    };
    expect(new Set(await statistics(true)).size).toBe(1);
    expect(new Set(await statistics(false)).size).toBe(4);
  });

  it('goes on without unlabelled data, and says so', async () => {
    const warnings: TriNetWarning[] = [];
    const { history, weights } = await outcomeOf({
      unlabeled: noData(),
      on: { warning: (warning) => void warnings.push(warning) },
    });
    expect(warnings.map(({ code }) => code)).toEqual(['trinet/no-unlabeled']);
    expect(history[0]!.warnings).toEqual(warnings);
    expect(history.map(({ kind, pool, disagreement }) => [kind, pool, disagreement])).toEqual(
      ['initialise', 'label', 'finetune', 'label'].map((kind) => [kind, 0, null]),
    );
    expect(weights).toHaveLength(4);
  });
});

describe('the trained net', () => {
  it('is one model that predicts by the sum rule', async () => {
    const data = blobs({ length: 10, seed: 6 });
    await trained({}, async ({ net }) => {
      const { sums } = await net.evaluate(data);
      const logits = await predictLogits(net.classifier, data);
      const probabilities = tf.tidy(() => Array.from(tf.softmax(tf.tensor2d(logits, [10, 3])).dataSync()));
      probabilities.forEach((value, i) => {
        expect(value).toBeCloseTo(sums[i]! / 3, 5);
      });
    });
  });
});

describe('refuses', () => {
  type ErrorClass = new (message: string) => Error;
  async function rejects(options: Partial<TriNetOptions>, error: ErrorClass | null, message = ''): Promise<void> {
    const steps: unknown[] = [];
    const left = await leak(async () => {
      const attempt = expect(
        trainTriNet(tinyRun({ on: { step: (step) => void steps.push(step) }, ...options })),
      ).rejects;
      if (error === null) await attempt.toThrow(message);
      else
        await attempt.toThrow(
          expect.objectContaining({ constructor: error, message: expect.stringContaining(message) }),
        );
    });
    expect([left, steps]).toEqual([0, []]);
  }

  it('a class without a label, and none at all', async () => {
    const labeled = dataOf(new Uint8Array(8 * 4), [0, 0, 2, 2], 3);
    await rejects({ labeled }, MissingClassError, 'class 1 (class 1) has no example');
    await rejects({ labeled: noData() }, DataError, 'labeled: expected at least one example');
  });

  it('labels outside the classes, or not one for each example', async () => {
    const labeled = blobs({ length: 12 });
    await rejects({ labeled: { ...labeled, labels: labeled.labels.map(() => 3) } }, LabelsError, 'label 0 is 3');
    await rejects({ labeled: withoutLabels(labeled) }, LabelsError, 'label 0 is -1');
    await rejects({ labeled: { ...labeled, labels: labeled.labels.slice(1) } }, LabelsError, 'expected 12 labels');
    await rejects({ trueLabels: [0, 1] }, LabelsError, 'trueLabels: expected 48');
    await rejects({ trueLabels: truth.map(() => 3) }, LabelsError);
    await rejects({ validation: withoutLabels(labeled) }, LabelsError, 'validation');
  });

  it('data of another kind', async () => {
    const wide = { ...blobs({ length: 48 }), shape: [2, 4, 1] as const };
    await rejects({ unlabeled: wide }, DataError, 'unlabeled: expected images [4, 2, 1]');
    await rejects({ unlabeled: blobs({ classes: 4 }) }, DataError, 'expected the 3 classes');
    await rejects({ validation: wide }, DataError, 'validation');
    await rejects({ validation: noData() }, DataError, 'validation: expected at least one');
  });

  it('heads of other widths, another number of heads, and heads that share weights', async () => {
    const [one, two, three] = tinyRun().heads;
    const wide: typeof one = (context) => two!({ ...context, classes: 4 });
    await rejects(
      { heads: [one!, wide!, three!] },
      ModuleError,
      'head 2: expected logits [B, 3], one for each class, got [B, 4]',
    );
    await rejects({ heads: [one!, two!] }, OptionError, 'expected 3 factories, got 2');
    let made: tf.LayersModel | null = null;
    const same: typeof one = (context) => {
      made ??= one!(context);
      return made;
    };
    await rejects({ heads: [same!, two!, same!] }, ModuleError, 'head 3 shares weights');
    const pair: typeof one = (context) => {
      const model = features(4)(context);
      return tf.model({
        inputs: model.inputs,
        outputs: [model.outputs[0]!, model.layers[1]!.output as tf.SymbolicTensor],
      });
    };
    await rejects(
      { trunk: pair! },
      ModuleError,
      'the trunk: expected a model of one input and one output, got 1 and 2',
    );
    const failing = () => {
      throw new Error('no head');
    };
    await rejects({ heads: [one!, two!, failing] }, null, 'no head');
  });

  it('thresholds outside (0, 1) and other options out of range', async () => {
    for (const sigma0 of [0, 1, 1.2, -0.1, Number.NaN]) await rejects({ sigma0 }, OptionError, 'sigma0');
    for (const sigmaOs of [-0.1, 1]) await rejects({ sigmaOs }, OptionError, 'sigmaOs');
    await rejects({ sigmaDecrement: -1 }, OptionError, 'sigmaDecrement');
    await rejects({ rounds: -1 }, OptionError, 'rounds');
    await rejects({ poolBase: 0 }, OptionError, 'poolBase');
    await rejects({ fineTuneEvery: 0 }, OptionError, 'fineTuneEvery');
    await rejects({ std: -1 }, OptionError, 'std');
    await rejects({ desPasses: 1.5 }, OptionError, 'desPasses');
    await rejects({ desCount: 'both' as DesCount }, OptionError, "expected 'mean' or 'either' or 'sum', got 'both'");
    await rejects({ labelers: 'none' as 'self' }, OptionError, 'labelers');
    await rejects({ labeledFraction: 1 }, OptionError, 'labeledFraction');
    await rejects({ labeledFraction: 0.5, batchSize: 1 }, OptionError, 'labeledFraction');
    await rejects({ batchSize: 0 }, OptionError, 'batchSize');
    await rejects({ evaluationBatchSize: 0 }, OptionError, 'evaluationBatchSize');
    await rejects({ headTraining: {} as { steps: number } }, OptionError, 'headTraining');
    await rejects({ initialisation: { epochs: 0 } }, OptionError, 'initialisation');
    await rejects({ fineTuning: { epochs: 1, steps: 1 } }, OptionError, 'fineTuning');
    await rejects(
      { augment: [{ kind: 'center-crop', size: [2, 2] }] },
      OptionError,
      'expected images of the same shape',
    );
    await rejects({ resume: true }, OptionError, 'resume');
    await rejects({ optimizer: () => sgd({ learningRate: -1 }) }, null, 'learningRate');
  });

  it('NaN in images, labelled or not', async () => {
    const nan = (size: number) => ({
      ...blobs({ length: size }),
      images: (indices: ArrayLike<number>) =>
        new Float32Array(indices.length * 8).fill(Number.NaN) as unknown as Uint8Array,
    });
    await rejects({ labeled: nan(12) }, null, 'expected finite inputs, got NaN or infinity');
    const left = await leak(() =>
      expect(trainTriNet(tinyRun({ ...linear, unlabeled: nan(48) }))).rejects.toThrow(
        /data set blobs: the net gives NaN for example 0/,
      ),
    );
    expect(left).toBe(0);
  });

  /** Without ReLU, which some engines let swallow NaN. */
  const linear = {
    trunk: (({ inputShape }) =>
      tf.sequential({ layers: [tf.layers.flatten({ inputShape: [...inputShape] })] })) as TriNetOptions['trunk'],
    heads: Array.from({ length: 3 }, () => mlp({ hidden: [] })),
  };
});

it('the pool of a round is random, without repetition', () => {
  const rounds = roundSchedule(48, tinyRun());
  expect(rounds[0]!.pool).toBe(24);
  expect(() => drawPool(3, 4, { permutation: () => new Int32Array(3) } as never)).toThrow(OptionError);
});
