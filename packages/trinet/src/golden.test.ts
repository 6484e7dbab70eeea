import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import { goldenSuite } from '@tensor-papers/tools/golden';
import * as tf from '@tensorflow/tfjs';
import { dataOf } from '../test/support.js';
import { countLabelerMismatches, countMismatches, type DesCount, editLabels } from './edit-labels.js';
import { headNumbers } from './heads.js';
import { headLoss, jointLoss, jointLossPerSample } from './joint-loss.js';
import { headPhaseModel, jointPhaseModel } from './phase-model.js';
import { type RoundScheduleOptions, roundSchedule } from './round-schedule.js';
import { drawSmearingNoise, smearLabels } from './smear-labels.js';
import { sumRule } from './sum-rule.js';
import { TriNet } from './tri-net.js';
import { unionSet } from './union-set.js';
import { voteLabels } from './vote-labels.js';

type Rows = number[][];

interface GoldenInputs {
  labels: number[];
  z: Rows[];
  headLogits: Rows[];
  x: Rows;
  trunk: Rows;
  heads: Rows[];
  targets: unknown;
  probJ: unknown;
  probH: unknown;
  desProbJ: Rows[];
  desProbH: Rows[];
  predictions: Rows;
  unlabeled: number;
  headProbabilities: Rows[];
}

interface GoldenOptions extends RoundScheduleOptions {
  std: number;
  head: 1 | 2 | 3;
  classes: number;
  sigma: number;
  desInclusive?: boolean;
  desCount: DesCount;
}

type Answers = Record<string, () => unknown>;

const read = (tensor: tf.Tensor) => tensor.arraySync();
const flat = (nested: unknown): number[] => (nested as number[]).flat(9) as number[];
const float64 = (nested: unknown) => Float64Array.from(flat(nested));
/** A flat array in the form that a shape says. */
const nest = (values: ArrayLike<number>, [size, ...rest]: number[]): unknown => {
  if (size === undefined) return values[0];
  const step = values.length / Math.max(1, size);
  const all = Array.from(values);
  return Array.from({ length: size }, (_, i) => nest(all.slice(i * step, (i + 1) * step), rest));
};
const classesOf = (nested: unknown): number => {
  let value = nested as unknown[];
  while (Array.isArray(value[0])) value = value[0];
  return Math.max(1, value.length);
};

const smear = ({ labels, z }: GoldenInputs, std: number) =>
  smearLabels(labels, { classes: classesOf(z), std, noise: float64(z) });

function jointAnswers(inputs: GoldenInputs, { std }: GoldenOptions): Answers {
  const shape: [number, number, number] = [3, inputs.labels.length, classesOf(inputs.z)];
  const targets = tf.tensor3d(smear(inputs, std), shape);
  const logits = inputs.headLogits.map((rows) => tf.tensor2d(rows, undefined, 'float32'));
  const loss = (...z: tf.Tensor[]) => jointLoss(z as tf.Tensor2D[], targets);
  return {
    targets: () => read(targets),
    perHeadSample: () => read(jointLossPerSample(logits, targets)),
    loss: () => read(jointLoss(logits, targets)),
    gradHeadLogits: () => tf.grads(loss)(logits).map(read),
  };
}

function linearModel(kernel: Rows): tf.LayersModel {
  const layer = tf.layers.dense({ units: kernel[0]!.length, useBias: false, inputShape: [kernel.length] });
  const model = tf.sequential({ layers: [layer] });
  model.setWeights([tf.tensor2d(kernel)]);
  return model;
}

/** Loss of a phase and gradients of all weights; 0 where the phase does not train them. */
function linearAnswers({ x, trunk, heads, targets }: GoldenInputs, { head }: Partial<GoldenOptions>): Answers {
  const net = new TriNet(linearModel(trunk), heads.map(linearModel), heads[0]![0]!.length);
  const frozen = { freezeStatistics: false };
  const model = head === undefined ? jointPhaseModel(net, frozen) : headPhaseModel(net, head, frozen);
  const images = tf.tensor2d(x);
  const wanted = tf.tensor(targets as Rows) as tf.Tensor3D;
  const logits = () => model.apply(images, { training: true }) as tf.Tensor;
  const loss = () =>
    head === undefined
      ? jointLoss(tf.unstack(logits(), 1) as tf.Tensor2D[], wanted)
      : headLoss(logits() as tf.Tensor2D, wanted as tf.Tensor as tf.Tensor2D);
  const variables = model.trainableWeights.map((weight) => (weight as tf.LayerVariable).read() as tf.Variable);
  const { value, grads } = tf.variableGrads(loss, variables);
  const answers = [net.trunk, ...net.heads].map((each) => {
    const variable = each.trainableWeights[0]!.read() as tf.Variable;
    return read(grads[variable.name] ?? tf.zerosLike(variable));
  });
  const found = read(value);
  net.dispose();
  return { loss: () => found, gradTrunk: () => answers[0], gradHeads: () => answers.slice(1) };
}

/** 300,000 draws: with a tolerance of 0.003 the mean is within five standard errors. */
const monteCarloRows = 10_000;
const monteCarloNoise = new Map<number, Float32Array>();

function trueClassMass({ classes, std }: GoldenOptions): number {
  const labels = Int32Array.from({ length: monteCarloRows }, (_, i) => i % classes);
  const noise = monteCarloNoise.get(classes) ?? drawSmearingNoise(labels.length, classes, createRng(1));
  monteCarloNoise.set(classes, noise);
  const targets = smearLabels(labels, { classes, std, noise });
  let sum = 0;
  for (let row = 0; row < 3 * labels.length; row++) sum += targets[row * classes + labels[row % labels.length]!]!;
  return sum / (3 * labels.length);
}

const vote = ({ probJ, probH }: GoldenInputs, threshold: number) =>
  voteLabels(float64(probJ), float64(probH), { classes: classesOf(probJ), threshold });

function editAnswers(mismatches: () => Int32Array, passes: number, { desInclusive = false }: GoldenOptions): Answers {
  return {
    k: () => Array.from(mismatches()),
    keep: () => Array.from(editLabels(mismatches(), { passes, inclusive: desInclusive })),
  };
}

/** Of passes [K][N][C] the rows of some samples, flat. */
const rowsOf = (passes: Rows[], samples: Int32Array) =>
  float64(passes.map((rows) => Array.from(samples, (sample) => rows[sample]!)));

function labelEditUnite(inputs: GoldenInputs, options: GoldenOptions): Answers {
  const { desProbJ, desProbH, labels } = inputs;
  const classes = classesOf(inputs.probJ);
  const { accepted, labels: acceptedLabels } = vote(inputs, options.sigma);
  const [j, h] = [rowsOf(desProbJ, accepted), rowsOf(desProbH, accepted)];
  const k = countLabelerMismatches(j, h, acceptedLabels, { classes, count: options.desCount });
  const keep = editLabels(k, { passes: desProbJ.length, inclusive: options.desInclusive ?? false });
  const kept = Array.from(keep.keys()).filter((i) => keep[i] === 1);
  const keptLabels = kept.map((i) => acceptedLabels[i]!);
  const indices = Int32Array.from(kept, (i) => accepted[i]!);
  const set = (count: number, ids: number[]) => dataOf(new Uint8Array(8 * count), ids, classes);
  const pool = set(
    (inputs.probJ as Rows).length,
    (inputs.probJ as Rows).map(() => -1),
  );
  const union = unionSet(set(labels.length, labels), pool, { indices, labels: Int32Array.from(keptLabels) });
  return {
    accepted: () => Array.from(accepted),
    acceptedLabels: () => Array.from(acceptedLabels),
    k: () => Array.from(k),
    kept: () => Array.from(indices),
    keptLabels: () => keptLabels,
    targets: () => read(tf.oneHot(tf.tensor1d(union.labels, 'int32'), classes)),
  };
}

const calls: Record<string, (inputs: GoldenInputs, options: GoldenOptions) => Answers> = {
  'output-smearing-of-2_1': (inputs, { std }) => ({
    targets: () => nest(smear(inputs, std), [3, inputs.labels.length, classesOf(inputs.z)]),
  }),
  'joint-initialisation-loss-of': jointAnswers,
  'linear-trunk-h-x': linearAnswers,
  'linear-trunk-h-x-ws': linearAnswers,
  'linear-trunk-h-x-ws-and': linearAnswers,
  'linear-trunk-h-x-ws-and-linear': linearAnswers,
  'expected-smeared-mass-on': (_, options) => ({ trueClassMass: () => trueClassMass(options) }),
  'voting-of-2_2-agreement': (inputs, { sigma }) => ({
    agree: () => Array.from(vote(inputs, sigma).agree),
    confidence: () => Array.from(vote(inputs, sigma).confidence),
    accepted: () => Array.from(vote(inputs, sigma).accepted),
    labels: () => Array.from(vote(inputs, sigma).labels),
  }),
  'editing-of-2_3-from': ({ predictions, labels }, options) =>
    editAnswers(() => countMismatches(flat(predictions), labels), predictions.length, options),
  'editing-of-2_3-from-the': ({ probJ, probH, labels }, options) =>
    editAnswers(
      () =>
        countLabelerMismatches(float64(probJ), float64(probH), labels, {
          classes: classesOf(probJ),
          count: options.desCount,
        }),
      (probJ as Rows[]).length,
      options,
    ),
  'label-edit-unite-2_2': labelEditUnite,
  'rounds-of-the-algorithm': ({ unlabeled }, options) => ({ rounds: () => roundSchedule(unlabeled, options) }),
  'inference-of-2_6-sum': ({ headProbabilities }) => {
    const classes = classesOf(headProbabilities);
    const { sums, classes: answers } = sumRule(headProbabilities.map(float64), classes);
    return {
      sums: () => nest(sums, [answers.length, classes]),
      classes: () => Array.from(answers),
    };
  },
};

const golden = goldenSuite({ fixture: join(__dirname, '..', 'fixtures', 'golden.json'), calls, tidy: tf.tidy });

describe(golden.title, () => {
  it('maps every function to a call', () => {
    expect(golden.findings).toEqual([]);
  });

  it.each(golden.cases.map((each) => [each.name, each] as const))('%s', async (_, each) => {
    expect(await golden.check(each)).toEqual([]);
  });

  it('fine-tuning rounds have no threshold', () => {
    const rounds = roundSchedule(0, { rounds: 8 });
    expect(rounds.filter(({ sigma }) => sigma === null).map(({ t, kind }) => [t, kind])).toEqual([
      [4, 'finetune'],
      [8, 'finetune'],
    ]);
    expect(headNumbers).toEqual([1, 2, 3]);
  });
});
