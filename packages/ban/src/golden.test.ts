import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
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

interface GoldenCase {
  name: string;
  fn: string;
  inputs: GoldenInputs;
  options?: { [Key in keyof BanLossOptions]: BanLossOptions[Key] | null } | null;
  expected: Record<string, unknown>;
  tolerance: number;
}

type Answers = Record<string, () => unknown>;

/** Functions of the spec that this package does not have yet: none. */
const pending: readonly string[] = [];

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

/** Options without those that are null, which means not given. */
const givenOptions = (options: GoldenCase['options']) =>
  Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== null)) as BanLossOptions;

/** Differences as sentences. null in the expectation means undefined: nothing is compared there. */
function differences(path: string, got: unknown, expected: unknown, tolerance: number): string[] {
  if (expected === null) return [];
  if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length) {
      return [`${path}: expected ${expected.length} entries, got ${Array.isArray(got) ? got.length : String(got)}`];
    }
    return expected.flatMap((value, i) => differences(`${path}[${i}]`, got[i], value, tolerance));
  }
  const wanted = Number(expected);
  const close = Math.abs(Number(got) - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
  return close ? [] : [`${path}: expected ${wanted} ± ${tolerance}, got ${String(got)}`];
}

function check({ fn, inputs, options, expected, tolerance }: GoldenCase): string[] {
  const call = calls[fn];
  if (!call) return [`unknown fn '${fn}': map it to a call, or list it as pending`];
  return tf.tidy(() => {
    const answers = call(inputs, givenOptions(options));
    return Object.entries(expected).flatMap(([key, value]) => {
      const answer = answers[key];
      if (!answer) return [`no answer to '${key}' of '${fn}'`];
      return value === null ? [] : differences(key, answer(), value, tolerance);
    });
  });
}

const file = process.env.GOLDEN_CASES ?? join(__dirname, '..', 'fixtures', 'golden.json');
const cases = JSON.parse(readFileSync(file, 'utf8')) as GoldenCase[];

describe(`golden cases of ${process.env.GOLDEN_CASES ? 'GOLDEN_CASES' : 'the spec'}`, () => {
  it('has cases', () => {
    expect(cases.length).toBeGreaterThan(0);
  });

  it.each(cases.filter(({ fn }) => !pending.includes(fn)).map((golden) => [golden.name, golden] as const))(
    '%s',
    (_, golden) => {
      expect(check(golden)).toEqual([]);
    },
  );
});

describe('the comparison itself', () => {
  const golden = cases[0]!;

  it('fails on an unknown fn', () => {
    expect(check({ ...golden, fn: 'no-such-function' })).toHaveLength(1);
  });

  it('fails on a key that no call answers', () => {
    expect(check({ ...golden, expected: { noSuchKey: 1 } })).toHaveLength(1);
  });

  it('fails on a number that is off, on NaN and on another shape', () => {
    expect(differences('loss', 1.001, 1, 1e-5)).toHaveLength(1);
    expect(differences('loss', Number.NaN, 1, 1e-5)).toHaveLength(1);
    expect(differences('rows', [1, 2], [1], 1e-5)).toHaveLength(1);
    expect(differences('flag', 1, 2, 0)).toHaveLength(1);
  });
});
