import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { distance, leak, matrix, normals, type Rows, softmax } from '../test/support.js';
import {
  banLoss,
  ClassCountError,
  EmptyBatchError,
  gradientDecomposition,
  LabelsError,
  NonFiniteError,
  OptionError,
} from './index.js';

const anyProblem = fc
  .record({ batch: fc.integer({ min: 1, max: 6 }), classes: fc.integer({ min: 2, max: 6 }), seed: fc.nat() })
  .map(({ batch, classes, seed }) => {
    const rng = createRng(seed);
    const y = Array.from({ length: batch }, () => rng.integer(classes));
    return { z: normals(rng, batch, classes), t: normals(rng, batch, classes), y };
  });

type RowsKey = 'gradient' | 'labelGradient' | 'darkKnowledgeGradient' | 'darkKnowledge';
type NumbersKey = 'trueProbability' | 'trueClassTerm' | 'wrongClassTerm' | 'importanceWeights';

function decompose(z: Rows, t: Rows, y: number[]) {
  const parts = gradientDecomposition(matrix(z), matrix(t), tf.tensor1d(y, 'int32'));
  const { dispose: _, [Symbol.dispose]: __, ...tensors } = parts;
  const values = Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.arraySync()]));
  parts.dispose();
  return values as unknown as Record<RowsKey, Rows> & Record<NumbersKey, number[]>;
}

describe('gradientDecomposition', () => {
  it('is what plain loops give', () => {
    fc.assert(
      fc.property(anyProblem, ({ z, t, y }) => {
        const [q, p] = [softmax(z), softmax(t)];
        const sum = p.reduce((total, row, s) => total + row[y[s]!]!, 0);
        const parts = decompose(z, t, y);
        const expected = {
          trueProbability: p.map((row, s) => row[y[s]!]!),
          gradient: q.map((row, s) => row.map((value, i) => value - p[s]![i]!)),
          darkKnowledge: p.map((row, s) => row.map((value, i) => (i === y[s] ? 0 : value / (1 - row[y[s]!]!)))),
          trueClassTerm: q.map((row, s) => row[y[s]!]! - p[s]![y[s]!]!),
          importanceWeights: p.map((row, s) => row[y[s]!]! / sum),
        };
        for (const [name, values] of Object.entries(expected)) {
          expect(distance(parts[name as keyof typeof expected], values)).toBeLessThan(1e-5);
        }
      }),
    );
  });

  it('q − p = p_* (q − Y) + (1 − p_*)(q − d), and the terms of eq. 7 cancel', () => {
    fc.assert(
      fc.property(anyProblem, ({ z, t, y }) => {
        const { gradient, labelGradient, darkKnowledgeGradient, trueClassTerm, wrongClassTerm } = decompose(z, t, y);
        const sum = labelGradient.map((row, s) => row.map((value, i) => value + darkKnowledgeGradient[s]![i]!));
        expect(distance(gradient, sum)).toBeLessThan(1e-6);
        expect(
          distance(
            trueClassTerm,
            wrongClassTerm.map((value) => -value),
          ),
        ).toBeLessThan(1e-6);
      }),
    );
  });

  it('is B times the gradient of the ban loss', () => {
    const rng = createRng(3);
    const [z, t] = [normals(rng, 4, 5), normals(rng, 4, 5)];
    const gradient = tf.grad((x) => banLoss(x as tf.Tensor2D, matrix(t), null))(matrix(z));
    expect(distance(gradient.mul(4).arraySync(), decompose(z, t, [0, 1, 2, 3]).gradient)).toBeLessThan(1e-6);
  });

  it('stays defined where the teacher is certain, rightly or wrongly', () => {
    const certain = [[80, 0, 1]];
    for (const y of [0, 1]) {
      const parts = decompose([[1, 2, 3]], certain, [y]);
      expect(
        Object.values(parts)
          .flat(2)
          .every((value) => Number.isFinite(value)),
      ).toBe(true);
      expect(
        distance(
          parts.darkKnowledge[0]!.reduce((a, b) => a + b, 0),
          1,
        ),
      ).toBeLessThan(1e-6);
    }
  });

  it('leaves no tensors after dispose', async () => {
    const inputs = [matrix([[1, 2]]), matrix([[2, 1]]), tf.tensor1d([1], 'int32')] as const;
    expect(await leak(() => gradientDecomposition(...inputs, { validate: true }).dispose())).toBe(0);
  });

  it('refuses what does not fit', () => {
    const z = matrix([[1, 2]]);
    const y = tf.tensor1d([0], 'int32');
    expect(() => gradientDecomposition(z, matrix([[1, 2, 3]]), y)).toThrow(ClassCountError);
    expect(() => gradientDecomposition(z, z, tf.tensor1d([0, 1], 'int32'))).toThrow(LabelsError);
    expect(() => gradientDecomposition(matrix([[1]]), matrix([[1]]), y)).toThrow(OptionError);
    expect(() => gradientDecomposition(tf.zeros([0, 2]), tf.zeros([0, 2]), tf.zeros([0], 'int32'))).toThrow(
      EmptyBatchError,
    );
    const validate = { validate: true };
    expect(() => gradientDecomposition(z, matrix([[Number.NaN, 2]]), y, validate)).toThrow(NonFiniteError);
    expect(() => gradientDecomposition(z, z, tf.tensor1d([2], 'int32'), validate)).toThrow(LabelsError);
  });
});
