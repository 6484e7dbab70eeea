import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { goldenSuite } from '@tensor-papers/tools/golden';
import * as tf from '@tensorflow/tfjs';
import { confidenceWeights } from './confidence-weights.js';
import { entropy, klDivergence } from './divergence.js';
import { ensembleProbabilities } from './ensemble.js';
import { gradientDecomposition } from './gradient-decomposition.js';
import { type BanLossOptions, banLoss, banLossPerSample } from './loss.js';
import type { BanMode } from './mode.js';
import { banTargets, teacherArgmax } from './targets.js';

type Rows = number[][];

interface GoldenInputs {
  studentLogits: Rows;
  teacherLogits: Rows;
  labels: number[];
  perm: Rows;
  perms: Rows;
  memberLogits: Rows[];
}

type Answers = Record<string, () => unknown>;

const matrix = (rows: Rows) => tf.tensor2d(rows, undefined, 'float32');
const read = (tensor: tf.Tensor) => tensor.arraySync();
const teacherOf = (inputs: GoldenInputs) => matrix(inputs.teacherLogits);
const permutationOf = (rows: Rows) => Int32Array.from(rows.flat());
const repeat = (row: number[], count: number) => permutationOf(Array.from({ length: count }, () => row));

/** Loss, gradient by automatic differentiation and per-sample values of one mode, through the public functions. */
function lossAnswers(mode: BanMode, inputs: GoldenInputs, given: BanLossOptions): Answers {
  const options = {
    mode,
    ...given,
    ...(inputs.perm ? { permutation: permutationOf(inputs.perm) } : {}),
    validate: true,
  };
  const teacher = inputs.teacherLogits ? teacherOf(inputs) : null;
  const labels = inputs.labels ? tf.tensor1d(inputs.labels, 'int32') : null;
  const student = () => matrix(inputs.studentLogits);
  const loss = (z: tf.Tensor) => banLoss(z as tf.Tensor2D, teacher, labels, options);
  return {
    loss: () => read(loss(student())),
    gradStudentLogits: () => read(tf.grad(loss)(student())),
    perSample: () => read(banLossPerSample(student(), teacher, labels, options)),
  };
}

function targetAnswers(inputs: GoldenInputs, options: Parameters<typeof banTargets>[1]): Answers {
  return {
    targets: () => read(banTargets(teacherOf(inputs), options)),
    teacherArgmax: () => read(teacherArgmax(teacherOf(inputs))),
  };
}

const temperatureOf = (options: BanLossOptions) => ({ temperature: options.temperature ?? 1 });
const kl = (inputs: GoldenInputs, options: BanLossOptions) =>
  klDivergence(matrix(inputs.studentLogits), teacherOf(inputs), temperatureOf(options)).mean();

/** What the wrong rule (a mean of logits) would say: present in the cases as a contrast, computed here only. */
const logitMean = ({ memberLogits }: GoldenInputs) =>
  tf.softmax(tf.addN(memberLogits.map(matrix)).div(memberLogits.length));

const calls: Record<string, (inputs: GoldenInputs, options: BanLossOptions) => Answers> = {
  'l-ce-of-2_1': (inputs, options) => lossAnswers('ce', inputs, options),
  'l-ban-of-2_1': (inputs, options) => ({
    ...lossAnswers('ban', inputs, options),
    ...targetAnswers(inputs, { mode: 'ban', ...temperatureOf(options) }),
    entropy: () => read(entropy(teacherOf(inputs))),
    klMean: () => read(kl(inputs, options)),
  }),
  'ban-l-of-2_1': (inputs, options) => lossAnswers('ban+l', inputs, options),
  'cwtm-of-2_4-cross': (inputs, options) => ({
    ...lossAnswers('cwtm', inputs, options),
    weights: () => read(confidenceWeights(teacherOf(inputs))),
  }),
  'dkpp-of-2_5-with': (inputs, options) => ({
    ...lossAnswers('dkpp', inputs, options),
    ...targetAnswers(inputs, { mode: 'dkpp', permutation: permutationOf(inputs.perm) }),
  }),
  'smoothmax-of-2_5-teacher': (inputs, options) => ({
    ...lossAnswers('smoothMax', inputs, options),
    ...targetAnswers(inputs, { mode: 'smoothMax' }),
  }),
  'dkpp-targets-of-2_5': (inputs) => {
    const targets = () =>
      inputs.perms.map((row) =>
        banTargets(teacherOf(inputs), {
          mode: 'dkpp',
          permutation: repeat(row, inputs.teacherLogits.length),
        }),
      );
    return {
      targets: () => targets().map(read),
      mean: () => read(tf.addN(targets()).div(inputs.perms.length)),
    };
  },
  '2_3-p-d-teacher': (inputs) => {
    const labels = tf.tensor1d(inputs.labels, 'int32');
    const parts = gradientDecomposition(matrix(inputs.studentLogits), teacherOf(inputs), labels, { validate: true });
    return {
      pTrue: () => read(parts.trueProbability),
      d: () => read(parts.darkKnowledge),
      qMinusP: () => read(parts.gradient),
      trueClassTerm: () => read(parts.trueClassTerm),
      wrongClassTerm: () => read(parts.wrongClassTerm),
      eq9Weights: () => read(parts.importanceWeights),
    };
  },
  'optional-temperature-t-2': (inputs, options) => {
    const { loss, gradStudentLogits } = lossAnswers('ban', inputs, options) as Required<Answers>;
    const square = temperatureOf(options).temperature ** 2;
    return {
      kl: () => read(kl(inputs, options)),
      lossT2KL: () => read(kl(inputs, options).mul(square)),
      lossT2CE: loss!,
      gradStudentLogits: gradStudentLogits!,
    };
  },
  'ensemble-of-2_2-mean': (inputs) => {
    const probabilities = () => ensembleProbabilities(inputs.memberLogits.map(matrix), { validate: true });
    return {
      probabilities: () => read(probabilities()),
      classes: () => read(probabilities().argMax(1)),
      logitMean: () => read(logitMean(inputs)),
      logitMeanClasses: () => read(logitMean(inputs).argMax(1)),
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
});
