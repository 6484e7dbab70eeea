import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { distance, leak, matrix, normals, type Rows, softmax } from '../test/support.js';
import {
  type BanMode,
  banModes,
  banTargets,
  confidenceWeights,
  drawPermutations,
  EmptyBatchError,
  fixedPermutations,
  OptionError,
  parseMode,
  teacherArgmax,
  UnknownModeError,
} from './index.js';

const runs = { numRuns: 30 };
const anyTeacher = fc
  .record({ batch: fc.integer({ min: 1, max: 6 }), classes: fc.integer({ min: 2, max: 7 }), seed: fc.nat() })
  .map(({ batch, classes, seed }) => ({
    t: normals(createRng(seed), batch, classes),
    rng: createRng(seed).stream('pi'),
  }));

const targetsOf = (t: Rows, options: Parameters<typeof banTargets>[1]) =>
  tf.tidy(() => banTargets(matrix(t), options).arraySync());
const ascending = (row: readonly number[]) => [...row].sort((a, b) => a - b);

describe('dkpp', () => {
  it('keeps each row’s values, its maximum and where that stands', () => {
    fc.assert(
      fc.property(anyTeacher, ({ t, rng }) => {
        const permutation = drawPermutations(t.length, t[0]!.length, rng);
        const targets = targetsOf(t, { mode: 'dkpp', permutation });
        const p = targetsOf(t, { mode: 'ban' });
        targets.forEach((row, s) => {
          const argmax = p[s]!.indexOf(Math.max(...p[s]!));
          expect(ascending(row)).toEqual(ascending(p[s]!));
          expect(row[argmax]).toBe(p[s]![argmax]);
        });
      }),
      runs,
    );
  });

  it('is the identity for two classes, and where the other values are equal', () => {
    const two = normals(createRng(1), 4, 2);
    expect(targetsOf(two, { mode: 'dkpp', permutation: new Int32Array(4) })).toEqual(targetsOf(two, { mode: 'ban' }));
    const equal = [[1, 4, 1, 1]];
    const permutation = Int32Array.of(2, 0, 1);
    expect(targetsOf(equal, { mode: 'dkpp', permutation })).toEqual(targetsOf(equal, { mode: 'ban' }));
  });

  it('takes a tensor for an array', () => {
    const t = normals(createRng(2), 3, 5);
    const drawn = drawPermutations(3, 5, createRng(3));
    const asTensor = tf.tensor2d(drawn, [3, 4], 'int32');
    expect(targetsOf(t, { mode: 'dkpp', permutation: asTensor })).toEqual(
      targetsOf(t, { mode: 'dkpp', permutation: drawn }),
    );
  });

  it('drawn many times has smoothMax as its mean', () => {
    const t = normals(createRng(4), 2, 5);
    const rng = createRng(5);
    const draws = 4000;
    const mean = tf.tidy(() => {
      const many = tf.tile(matrix(t), [draws, 1]) as tf.Tensor2D;
      const targets = banTargets(many, { mode: 'dkpp', permutation: drawPermutations(2 * draws, 5, rng) });
      return targets.reshape([draws, 2, 5]).mean(0).arraySync() as Rows;
    });
    // Four standard errors of the most scattered value stay below this.
    expect(distance(mean, targetsOf(t, { mode: 'smoothMax' }))).toBeLessThan(0.02);
  });
});

describe('smoothMax', () => {
  it('has the teacher’s maximum and shares the rest equally', () => {
    fc.assert(
      fc.property(anyTeacher, ({ t }) => {
        const expected = softmax(t).map((row) => {
          const maximum = Math.max(...row);
          const argmax = row.indexOf(maximum);
          return row.map((_, i) => (i === argmax ? maximum : (1 - maximum) / (row.length - 1)));
        });
        expect(distance(targetsOf(t, { mode: 'smoothMax' }), expected)).toBeLessThan(1e-6);
      }),
      runs,
    );
  });
});

describe('all targets', () => {
  it('are distributions that leave no tensors', async () => {
    const t = matrix(normals(createRng(6), 4, 5));
    const permutation = drawPermutations(4, 5, createRng(7));
    for (const mode of ['ban', 'ban+l', 'dkpp', 'smoothMax'] as const) {
      const options = mode === 'dkpp' ? { mode, permutation } : { mode };
      const rows = tf.tidy(() => banTargets(t, options).sum(1).arraySync()) as number[];
      expect(distance(rows, [1, 1, 1, 1])).toBeLessThan(1e-6);
      expect(await leak(() => banTargets(t, options).dispose())).toBe(0);
    }
  });

  it('take the lowest class of a tie', () => {
    const tie = [[0, 2, 2, 1]];
    expect(Array.from(teacherArgmax(matrix(tie)).dataSync())).toEqual([1]);
    const [row] = targetsOf(tie, { mode: 'smoothMax' });
    expect(row!.indexOf(Math.max(...row!))).toBe(1);
  });

  it('soften with temperature', () => {
    const t = normals(createRng(8), 3, 4);
    const expected = softmax(t.map((row) => row.map((value) => value / 3)));
    expect(distance(targetsOf(t, { mode: 'ban', temperature: 3 }), expected)).toBeLessThan(1e-6);
  });

  it('do not exist without a target distribution, without examples, or with one class', () => {
    const t = tf.zeros([2, 3]) as tf.Tensor2D;
    expect(() => banTargets(t, { mode: 'ce' })).toThrow(OptionError);
    expect(() => banTargets(t, { mode: 'cwtm' })).toThrow(/confidenceWeights/);
    expect(() => banTargets(tf.zeros([2, 1]), { mode: 'smoothMax' })).toThrow(OptionError);
    expect(() => banTargets(tf.zeros([0, 3]))).toThrow(EmptyBatchError);
  });
});

describe('permutations', () => {
  it('are permutations, the same for the same seed and others for another', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.integer({ min: 2, max: 9 }), fc.nat(), (batch, classes, seed) => {
        const drawn = drawPermutations(batch, classes, createRng(seed));
        const places = Array.from({ length: classes - 1 }, (_, i) => i);
        for (let s = 0; s < batch; s++) {
          expect(ascending([...drawn.subarray(s * places.length, (s + 1) * places.length)])).toEqual(places);
        }
        expect(drawPermutations(batch, classes, createRng(seed))).toEqual(drawn);
      }),
      runs,
    );
    expect(drawPermutations(9, 9, createRng(1))).not.toEqual(drawPermutations(9, 9, createRng(2)));
  });

  it('that are fixed stay with their sample, whatever batch it comes in', () => {
    const rng = createRng(1);
    const alone = fixedPermutations(['b'], 6, rng);
    rng.uniform();
    const among = fixedPermutations(['a', 'b', 'c'], 6, rng);
    expect(among.subarray(5, 10)).toEqual(alone);
    expect(among.subarray(0, 5)).not.toEqual(alone);
  });

  it('need two classes and a number of samples', () => {
    expect(() => drawPermutations(2, 1, createRng(1))).toThrow(OptionError);
    expect(() => drawPermutations(-1, 3, createRng(1))).toThrow(OptionError);
  });
});

describe('confidenceWeights', () => {
  it('are the maxima, normalised within the batch, and bounded', () => {
    fc.assert(
      fc.property(anyTeacher, ({ t }) => {
        const weights = tf.tidy(() => confidenceWeights(matrix(t)).arraySync());
        const maxima = softmax(t).map((row) => Math.max(...row));
        const sum = maxima.reduce((a, b) => a + b, 0);
        expect(
          distance(
            weights,
            maxima.map((maximum) => maximum / sum),
          ),
        ).toBeLessThan(1e-6);
        const [batch, classes] = [t.length, t[0]!.length];
        for (const weight of weights) {
          expect(weight).toBeGreaterThanOrEqual(1 / (classes * batch) - 1e-6);
          expect(weight).toBeLessThanOrEqual(classes / batch + 1e-6);
        }
      }),
      runs,
    );
  });
});

describe('parseMode', () => {
  it('knows every mode and names the nearest of others', () => {
    expect(banModes.map(parseMode)).toEqual(banModes);
    for (const [text, nearest] of [
      ['BAN', 'ban'],
      ['dkp', 'dkpp'],
      ['smoothmax', 'smoothMax'],
      ['ban-l', 'ban+l'],
    ]) {
      expect(() => parseMode(text!)).toThrow(UnknownModeError);
      expect(() => parseMode(text!)).toThrow(`Did you mean '${nearest}'?`);
    }
    expect(parseMode('cwtm') satisfies BanMode).toBe('cwtm');
  });
});
