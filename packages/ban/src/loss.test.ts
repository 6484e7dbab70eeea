import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { distance, leak, matrix, normals, type Rows, softmax } from '../test/support.js';
import {
  type BanLossOptions,
  type BanMode,
  banLoss,
  banLossPerSample,
  banModes,
  ClassCountError,
  drawPermutations,
  EmptyBatchError,
  LabelsError,
  LogitsError,
  MissingInputError,
  NonFiniteError,
  OptionError,
  PermutationError,
  usesLabels,
  usesTeacher,
} from './index.js';

interface Problem {
  readonly z: Rows;
  readonly t: Rows;
  readonly y: number[];
  readonly permutation: Int32Array;
}

function problem(batch: number, classes: number, seed: number): Problem {
  const rng = createRng(seed);
  return {
    z: normals(rng, batch, classes),
    t: normals(rng, batch, classes),
    y: Array.from({ length: batch }, () => rng.integer(classes)),
    permutation: drawPermutations(batch, classes, rng),
  };
}

const sizes = { batch: fc.integer({ min: 1, max: 7 }), classes: fc.integer({ min: 2, max: 6 }), seed: fc.nat() };
const runs = { numRuns: 25 };
const anyProblem = fc.record(sizes).map(({ batch, classes, seed }) => problem(batch, classes, seed));
const optionsOf = (mode: BanMode, { permutation }: Problem): BanLossOptions =>
  mode === 'dkpp' ? { mode, permutation } : { mode };

/** The spec's table of losses, in float64 and plain loops. */
function slowLoss({ z, t, y, permutation }: Problem, options: BanLossOptions): number {
  const { mode = 'ban', labelWeight = 1, teacherWeight = 1, temperature = 1 } = options;
  const batch = z.length;
  const classes = z[0]!.length;
  const q = softmax(z);
  const p = softmax(t);
  const logits = (rows: Rows) => rows.map((row) => row.map((value) => value / temperature));
  const maxima = p.map((row) => Math.max(...row));
  const maximaSum = maxima.reduce((a, b) => a + b, 0);
  let total = 0;
  for (let s = 0; s < batch; s++) {
    const label = -Math.log(q[s]![y[s]!]!);
    const argmax = p[s]!.indexOf(maxima[s]!);
    const others = Array.from({ length: classes }, (_, i) => i).filter((i) => i !== argmax);
    const target = [...p[s]!];
    if (mode === 'dkpp') {
      others.forEach((i, j) => {
        target[i] = p[s]![others[permutation[s * (classes - 1) + j]!]!]!;
      });
    }
    if (mode === 'smoothMax') for (const i of others) target[i] = (1 - maxima[s]!) / (classes - 1);
    const softTarget = temperature === 1 ? target : softmax(logits([t[s]!]))[0]!;
    const softStudent = temperature === 1 ? q[s]! : softmax(logits([z[s]!]))[0]!;
    let teacher = 0;
    for (let i = 0; i < classes; i++) teacher -= temperature ** 2 * softTarget[i]! * Math.log(softStudent[i]!);
    if (mode === 'ce') total += label / batch;
    else if (mode === 'cwtm') total += (maxima[s]! / maximaSum) * label;
    else if (mode === 'ban+l') total += (labelWeight * label + teacherWeight * teacher) / batch;
    else total += teacher / batch;
  }
  return total;
}

/** Loss and gradient w.r.t. the student's logits. */
function lossAndGradient({ z, t, y }: Problem, options: BanLossOptions): { loss: number; gradient: Rows } {
  return tf.tidy(() => {
    const labels = tf.tensor1d(y, 'int32');
    const teacher = matrix(t);
    const { value, grad } = tf.valueAndGrad((x) => banLoss(x as tf.Tensor2D, teacher, labels, options))(matrix(z));
    return { loss: value.dataSync()[0]!, gradient: (grad as tf.Tensor2D).arraySync() };
  });
}

const gradientOf = (given: Problem, options: BanLossOptions) => lossAndGradient(given, options).gradient;

describe.each(banModes)('mode %s', (mode) => {
  it('is the loss of a slow reference, and its gradient that of finite differences', () => {
    fc.assert(
      fc.property(anyProblem, (given) => {
        const options = optionsOf(mode, given);
        const { loss, gradient } = lossAndGradient(given, options);
        expect(Math.abs(loss - slowLoss(given, options))).toBeLessThan(2e-5);
        const step = 1e-4;
        const moved = (s: number, i: number, by: number) =>
          given.z.map((row, r) => row.map((value, c) => (r === s && c === i ? value + by : value)));
        const expected = given.z.map((row, s) =>
          row.map((_, i) => {
            const above = slowLoss({ ...given, z: moved(s, i, step) }, options);
            return (above - slowLoss({ ...given, z: moved(s, i, -step) }, options)) / (2 * step);
          }),
        );
        expect(distance(gradient, expected)).toBeLessThan(2e-5);
      }),
      runs,
    );
  });

  it('has a gradient whose rows sum to 0', () => {
    fc.assert(
      fc.property(anyProblem, (given) => {
        const sums = gradientOf(given, optionsOf(mode, given)).map((row) => row.reduce((a, b) => a + b, 0));
        expect(
          distance(
            sums,
            sums.map(() => 0),
          ),
        ).toBeLessThan(1e-5);
      }),
      runs,
    );
  });

  it('does not change when a constant is added to a row of logits', () => {
    fc.assert(
      fc.property(anyProblem, fc.double({ min: -8, max: 8, noNaN: true }), (given, by) => {
        const shifted = {
          ...given,
          z: given.z.map((r) => r.map((v) => v + by)),
          t: given.t.map((r) => r.map((v) => v - by)),
        };
        const options = optionsOf(mode, given);
        const [a, b] = [lossAndGradient(given, options), lossAndGradient(shifted, options)];
        expect(Math.abs(a.loss - b.loss)).toBeLessThan(1e-4);
        expect(distance(a.gradient, b.gradient)).toBeLessThan(1e-4);
      }),
      runs,
    );
  });

  it('is the mean of the values per sample', () => {
    const given = problem(5, 4, 3);
    const perSample = banLossPerSample(
      matrix(given.z),
      matrix(given.t),
      tf.tensor1d(given.y, 'int32'),
      optionsOf(mode, given),
    );
    expect(perSample.shape).toEqual([5]);
    expect(perSample.mean().dataSync()[0]).toBeCloseTo(slowLoss(given, optionsOf(mode, given)), 5);
  });

  it('is finite for logits of ±1e4', () => {
    const rows = [[1e4, -1e4, 0]];
    const given = { z: rows, t: [[-1e4, 1e4, 3]], y: [1], permutation: Int32Array.of(1, 0) };
    const { loss, gradient } = lossAndGradient(given, optionsOf(mode, given));
    expect([loss, ...gradient.flat()].every(Number.isFinite)).toBe(true);
  });

  it('leaves no tensors, and leaves its inputs alone', async () => {
    const given = problem(3, 4, 5);
    const inputs = [matrix(given.z), matrix(given.t), tf.tensor1d(given.y, 'int32')] as const;
    const options = { ...optionsOf(mode, given), validate: true };
    const left = await leak(() => banLoss(...inputs, options).dispose());
    const leftByGradient = await leak(() =>
      tf
        .grad((z) => banLoss(z as tf.Tensor2D, inputs[1], inputs[2], options))(inputs[0])
        .dispose(),
    );
    expect([left, leftByGradient]).toEqual([0, 0]);
    expect(inputs.every((input) => !input.isDisposed)).toBe(true);
  });

  it('asks for what it needs and for nothing else', () => {
    const given = problem(2, 3, 7);
    const [z, t, y] = [matrix(given.z), matrix(given.t), tf.tensor1d(given.y, 'int32')];
    const options = optionsOf(mode, given);
    const withoutTeacher = () => banLoss(z, null, y, options);
    const withoutLabels = () => banLoss(z, t, null, options);
    if (usesTeacher(mode)) expect(withoutTeacher).toThrow(MissingInputError);
    else expect(withoutTeacher).not.toThrow();
    if (usesLabels(mode)) expect(withoutLabels).toThrow(MissingInputError);
    else expect(withoutLabels).not.toThrow();
  });
});

describe('identities', () => {
  const sum = (a: Rows, b: Rows, wa: number, wb: number) =>
    a.map((row, s) => row.map((v, i) => wa * v + wb * b[s]![i]!));

  it('the gradient of ban is 0 where the student equals the teacher up to a constant, and nowhere else', () => {
    fc.assert(
      fc.property(anyProblem, (given) => {
        const same = { ...given, z: given.t.map((row, s) => row.map((value) => value + s)) };
        expect(
          distance(
            gradientOf(same, { mode: 'ban' }),
            same.z.map((row) => row.map(() => 0)),
          ),
        ).toBeLessThan(1e-5);
        const other = { ...given, z: given.t.map((row) => row.map((value, i) => value + (i === 0 ? 1 : 0))) };
        expect(Math.max(...gradientOf(other, { mode: 'ban' }).flat().map(Math.abs))).toBeGreaterThan(1e-6);
      }),
      runs,
    );
  });

  it('ban with a teacher that is certain is ce', () => {
    const given = problem(5, 4, 11);
    const certain = {
      ...given,
      t: given.y.map((label) => Array.from({ length: 4 }, (_, i) => (i === label ? 200 : 0))),
    };
    const [ban, ce] = [lossAndGradient(certain, { mode: 'ban' }), lossAndGradient(given, { mode: 'ce' })];
    expect(distance([ban.loss, ban.gradient], [ce.loss, ce.gradient])).toBeLessThan(1e-6);
  });

  it('ban+l is the weighted sum of ce and ban, also with temperature', () => {
    const weight = fc.double({ min: 0, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        anyProblem,
        weight,
        weight,
        fc.constantFrom(1, 2.5),
        (given, labelWeight, teacherWeight, temperature) => {
          const both = lossAndGradient(given, { mode: 'ban+l', labelWeight, teacherWeight, temperature });
          const ce = lossAndGradient(given, { mode: 'ce' });
          const ban = lossAndGradient(given, { mode: 'ban', temperature });
          expect(Math.abs(both.loss - labelWeight * ce.loss - teacherWeight * ban.loss)).toBeLessThan(2e-4);
          expect(distance(both.gradient, sum(ce.gradient, ban.gradient, labelWeight, teacherWeight))).toBeLessThan(
            1e-4,
          );
          const expected = slowLoss(given, { mode: 'ban+l', labelWeight, teacherWeight, temperature });
          expect(Math.abs(both.loss - expected)).toBeLessThan(2e-4);
        },
      ),
      runs,
    );
  });

  it('cwtm is ce for one sample and for equal maxima, and ignores which class the teacher prefers', () => {
    fc.assert(
      fc.property(anyProblem, (given) => {
        const equal = { ...given, t: given.t.map(() => given.t[0]!) };
        const rolled = { ...given, t: given.t.map((row, s) => row.map((_, i) => row[(i + s) % row.length]!)) };
        const cwtm = (changed: Problem) => gradientOf(changed, { mode: 'cwtm' });
        expect(distance(cwtm(equal), gradientOf(given, { mode: 'ce' }))).toBeLessThan(1e-5);
        expect(distance(cwtm(rolled), cwtm(given))).toBeLessThan(1e-5);
      }),
      runs,
    );
  });

  it('dkpp averaged over all permutations is smoothMax', () => {
    const given = problem(3, 4, 13);
    const orders = [
      ...[
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
      ],
      ...[
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
      ],
    ];
    const results = orders.map((order) =>
      lossAndGradient(given, { mode: 'dkpp', permutation: Int32Array.from([...order, ...order, ...order]) }),
    );
    const smooth = lossAndGradient(given, { mode: 'smoothMax' });
    const mean = results.map(({ gradient }) => gradient).reduce((a, b) => sum(a, b, 1, 1));
    expect(results.reduce((total, { loss }) => total + loss / 6, 0)).toBeCloseTo(smooth.loss, 5);
    expect(distance(sum(mean, mean, 1 / 6, 0), smooth.gradient)).toBeLessThan(1e-6);
  });

  it('no gradient goes to the teacher', () => {
    const given = problem(3, 4, 17);
    const labels = tf.tensor1d(given.y, 'int32');
    for (const mode of ['ban', 'ban+l', 'smoothMax'] as const) {
      const loss = (z: tf.Tensor, t: tf.Tensor) =>
        banLoss(z as tf.Tensor2D, t.mul<tf.Tensor2D>(2), labels, { mode }).add<tf.Scalar>(t.sum().mul(0));
      const [, toTeacher] = tf.grads(loss)([matrix(given.z), matrix(given.t)]);
      expect(
        distance(
          toTeacher!.arraySync(),
          given.t.map((row) => row.map(() => 0)),
        ),
      ).toBe(0);
    }
  });
});

describe('bad inputs', () => {
  const z = () => tf.zeros([2, 3]) as tf.Tensor2D;
  const y = (...ids: number[]) => tf.tensor1d(ids, 'int32');

  it('a teacher with another number of classes or rows', () => {
    expect(() => banLoss(z(), tf.zeros([2, 4]), null)).toThrow(ClassCountError);
    expect(() => banLoss(z(), tf.zeros([2, 4]), null)).toThrow(/the teacher has 4 classes, the student 3/);
    expect(() => banLoss(z(), tf.zeros([3, 3]), null)).toThrow(LogitsError);
  });

  it('an empty batch', () => {
    const empty = () => tf.zeros([0, 3]) as tf.Tensor2D;
    for (const mode of banModes) {
      expect(() => banLoss(empty(), empty(), tf.zeros([0], 'int32'), { mode })).toThrow(EmptyBatchError);
    }
  });

  it('logits and labels of other shapes and dtypes', () => {
    expect(() => banLoss(tf.zeros([3]) as unknown as tf.Tensor2D, z(), null)).toThrow(LogitsError);
    expect(() => banLoss(tf.zeros([2, 3], 'int32'), z(), null)).toThrow(LogitsError);
    expect(() => banLoss(z(), null, tf.zeros([2]), { mode: 'ce' })).toThrow(LabelsError);
    expect(() => banLoss(z(), null, y(0, 1, 2), { mode: 'ce' })).toThrow(LabelsError);
  });

  it('labels outside the classes and values that are not finite, with validate', () => {
    expect(() => banLoss(z(), null, y(0, 3), { mode: 'ce', validate: true })).toThrow(/label 1 is 3/);
    expect(() => banLoss(z(), null, y(-1, 0), { mode: 'ce', validate: true })).toThrow(/missing label/);
    const nan = matrix([
      [0, 1, 2],
      [0, Number.NaN, 2],
    ]);
    expect(() => banLoss(nan, z(), null, { validate: true })).toThrow(NonFiniteError);
    expect(() => banLoss(z(), nan, null, { validate: true })).toThrow(/teacherLogits: value 4 is NaN/);
  });

  it('permutations that are none', () => {
    const dkpp =
      (permutation: Int32Array | tf.Tensor2D, validate = false) =>
      () =>
        banLoss(z(), z(), null, { mode: 'dkpp', permutation, validate });
    expect(() => banLoss(z(), z(), null, { mode: 'dkpp' })).toThrow(MissingInputError);
    expect(dkpp(Int32Array.of(0, 1, 1))).toThrow(PermutationError);
    expect(dkpp(Int32Array.of(0, 1, 1, 1))).toThrow(/row 1 is \[1, 1\]/);
    expect(
      dkpp(
        tf.tensor2d(
          [
            [0, 2],
            [1, 0],
          ],
          [2, 2],
          'int32',
        ),
        true,
      ),
    ).toThrow(PermutationError);
    expect(dkpp(tf.zeros([2, 3], 'int32'))).toThrow(PermutationError);
  });

  it('options out of range or of another mode', () => {
    const loss = (options: BanLossOptions) => () => banLoss(z(), z(), y(0, 1), options);
    expect(loss({ temperature: 0 })).toThrow(OptionError);
    expect(loss({ mode: 'cwtm', temperature: 2 })).toThrow(OptionError);
    expect(loss({ mode: 'ban+l', labelWeight: -1 })).toThrow(OptionError);
    expect(loss({ mode: 'ban', teacherWeight: 2 })).toThrow(OptionError);
    expect(loss({ mode: 'ban', permutation: Int32Array.of(0, 1, 0, 1) })).toThrow(OptionError);
    expect(loss({ mode: 'bam' as BanMode })).toThrow(/unknown mode 'bam'.*Did you mean 'ban'/);
  });
});
