import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { distance, leak, matrix, type Rows } from '../test/support.js';
import { LabelsError, LogitsError, NonFiniteError, OptionError, smoothedCrossEntropy } from './index.js';

interface Problem {
  readonly z: Rows;
  readonly y: number[];
  readonly smoothing: number;
}

const anyProblem = fc
  .record({
    batch: fc.integer({ min: 1, max: 6 }),
    classes: fc.integer({ min: 2, max: 5 }),
    smoothing: fc.double({ min: 0, max: 0.9, noNaN: true }),
    seed: fc.nat(),
  })
  .map(({ batch, classes, smoothing, seed }): Problem => {
    const rng = createRng(seed);
    const z = Array.from({ length: batch }, () => Array.from({ length: classes }, () => 2 * rng.normal()));
    return { z, y: z.map(() => rng.integer(classes)), smoothing };
  });
const runs = { numRuns: 25 };

/** The definition in float64 and plain loops. */
function slowLoss({ z, y, smoothing }: Problem): number {
  let total = 0;
  for (let s = 0; s < z.length; s++) {
    const classes = z[s]!.length;
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += Math.exp(z[s]![k]!);
    for (let k = 0; k < classes; k++) {
      const target = (k === y[s] ? 1 - smoothing : 0) + smoothing / classes;
      total -= (target * (z[s]![k]! - Math.log(sum))) / z.length;
    }
  }
  return total;
}

/** ∂L/∂z of {@link slowLoss} by central differences. */
function slowGradient(problem: Problem, step = 1e-5): Rows {
  const moved = (s: number, k: number, by: number) =>
    slowLoss({ ...problem, z: problem.z.map((row, i) => row.map((v, j) => (i === s && j === k ? v + by : v))) });
  return problem.z.map((row, s) => row.map((_, k) => (moved(s, k, step) - moved(s, k, -step)) / (2 * step)));
}

function lossAndGradient({ z, y, smoothing }: Problem): { loss: number; gradient: Rows } {
  return tf.tidy(() => {
    const labels = tf.tensor1d(y, 'int32');
    const loss = (x: tf.Tensor) => smoothedCrossEntropy(x as tf.Tensor2D, labels, { smoothing });
    const { value, grad } = tf.valueAndGrad(loss)(matrix(z));
    return { loss: value.dataSync()[0]!, gradient: (grad as tf.Tensor2D).arraySync() };
  });
}

describe('the loss', () => {
  it('is the definition in plain loops, and its gradient that of finite differences', () => {
    fc.assert(
      fc.property(anyProblem, (problem) => {
        const { loss, gradient } = lossAndGradient(problem);
        expect(Math.abs(loss - slowLoss(problem))).toBeLessThan(1e-4);
        expect(distance(gradient, slowGradient(problem))).toBeLessThan(1e-5);
      }),
      runs,
    );
  });

  it('is linear in ε between the cross-entropies with the label and with all classes alike', () => {
    fc.assert(
      fc.property(anyProblem, (problem) => {
        const at = (smoothing: number) => lossAndGradient({ ...problem, smoothing }).loss;
        const [none, half] = [at(0), at(0.5)];
        expect(Math.abs(at(problem.smoothing) - (none + 2 * problem.smoothing * (half - none)))).toBeLessThan(1e-4);
      }),
      runs,
    );
  });

  it('leaves one tensor behind, the result', async () => {
    const [z, y] = [matrix([[1, 2]]), tf.tensor1d([0], 'int32')];
    expect(await leak(() => smoothedCrossEntropy(z, y, { validate: true }))).toBe(1);
    expect(z.isDisposed || y.isDisposed).toBe(false);
  });
});

describe('bad inputs', () => {
  const z = () => tf.zeros([2, 3]) as tf.Tensor2D;
  const y = (...ids: number[]) => tf.tensor1d(ids, 'int32');

  it('logits and labels of other shapes and dtypes', () => {
    expect(() => smoothedCrossEntropy(tf.zeros([3]) as unknown as tf.Tensor2D, y(0))).toThrow(LogitsError);
    expect(() => smoothedCrossEntropy(tf.zeros([2, 3], 'int32'), y(0, 1))).toThrow(/got \[2, 3\] int32/);
    expect(() => smoothedCrossEntropy(tf.zeros([0, 3]), y())).toThrow(/at least one row/);
    expect(() => smoothedCrossEntropy(tf.zeros([2, 1]), y(0, 0))).toThrow(/two classes/);
    expect(() => smoothedCrossEntropy(z(), y(0, 1, 2))).toThrow(LabelsError);
    expect(() => smoothedCrossEntropy(z(), tf.zeros([2]))).toThrow(LabelsError);
  });

  it('labels outside the classes and values that are not finite, with validate', () => {
    expect(() => smoothedCrossEntropy(z(), y(0, 3), { validate: true })).toThrow(/label 1 is 3: expected .* 0 … 2/);
    expect(() => smoothedCrossEntropy(z(), y(-1, 0), { validate: true })).toThrow(/missing label/);
    expect(() => smoothedCrossEntropy(matrix([[0, Number.NaN]]), y(0), { validate: true })).toThrow(NonFiniteError);
  });

  it('a smoothing that is none', () => {
    for (const smoothing of [-0.1, 1, Number.NaN]) {
      expect(() => smoothedCrossEntropy(z(), y(0, 1), { smoothing })).toThrow(OptionError);
    }
  });
});
