import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import { mlp } from '@tensor-papers/tensor-core/nn';
import * as tf from '@tensorflow/tfjs';
import { distance, leak, matrix, normals, softmax } from '../test/support.js';
import {
  ClassCountError,
  EmptyBatchError,
  ensemblePredict,
  ensembleProbabilities,
  LogitsError,
  NonFiniteError,
  OptionError,
  selectEnsemble,
} from './index.js';

describe('ensembleProbabilities', () => {
  it('is the mean of the members’ probabilities', () => {
    const rng = createRng(1);
    const members = [normals(rng, 4, 3), normals(rng, 4, 3), normals(rng, 4, 3)];
    const expected = softmax(members[0]!).map((row, s) =>
      row.map((_, i) => members.reduce((total, member) => total + softmax(member)[s]![i]! / 3, 0)),
    );
    expect(distance(ensembleProbabilities(members.map(matrix)).arraySync(), expected)).toBeLessThan(1e-6);
  });

  it('refuses no members, other shapes and NaN', () => {
    const member = matrix([[1, 2]]);
    expect(() => ensembleProbabilities([])).toThrow(EmptyBatchError);
    expect(() => ensembleProbabilities([member, matrix([[1, 2, 3]])])).toThrow(ClassCountError);
    expect(() => ensembleProbabilities([member, tf.zeros([2, 2])])).toThrow(LogitsError);
    const nan = matrix([[1, Number.NaN]]);
    expect(() => ensembleProbabilities([member, nan], { validate: true })).toThrow(NonFiniteError);
  });
});

describe('ensemblePredict', () => {
  it('takes models and functions, runs models in inference mode, and leaves nothing after dispose', async () => {
    const model = mlp({ hidden: [4], dropout: 0.5 })({ seed: 1, inputShape: [2], classes: 3 });
    const kept = matrix([
      [0, 3, 0],
      [0, 0, 3],
    ]);
    const x = matrix([
      [1, 2],
      [3, 4],
    ]);
    const expected = tf.tidy(() => ensembleProbabilities([model.predict(x) as tf.Tensor2D, kept]).arraySync());
    const left = await leak(() => {
      const prediction = ensemblePredict([model, () => kept], x);
      expect(distance(prediction.probabilities.arraySync(), expected)).toBeLessThan(1e-7);
      expect([prediction.classes.dtype, prediction.classes.shape]).toEqual(['int32', [2]]);
      prediction[Symbol.dispose]();
    });
    expect(left).toBe(0);
    expect(kept.isDisposed).toBe(false);
  });

  it('decides ties for the lowest class', () => {
    expect(Array.from(ensemblePredict([() => matrix([[1, 2, 2]])], matrix([[0]])).classes.dataSync())).toEqual([1]);
  });
});

describe('selectEnsemble', () => {
  const run = { teacher: 'teacher', students: ['first', 'second', 'third'] };

  it('takes students from the first on, and the teacher only by request', () => {
    expect(selectEnsemble(run)).toEqual({ name: 'BANE-3', members: ['first', 'second', 'third'] });
    expect(selectEnsemble(run, { students: 2 })).toEqual({ name: 'BANE-2', members: ['first', 'second'] });
    expect(selectEnsemble(run, { students: 2, teacher: true })).toEqual({
      name: 'teacher+BANE-2',
      members: ['teacher', 'first', 'second'],
    });
  });

  it('refuses what is not there', () => {
    for (const students of [0, 4, 1.5]) expect(() => selectEnsemble(run, { students })).toThrow(OptionError);
    expect(() => selectEnsemble({ teacher: null, students: ['a'] }, { teacher: true })).toThrow(/keep: all/);
  });
});
