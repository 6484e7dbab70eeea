import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { leak } from '../test/support.js';
import { LabelsError, OptionError, smoothedTargets } from './index.js';

const labels = (...ids: number[]) => tf.tensor1d(ids, 'int32');

describe('smoothed targets', () => {
  it('give the label 1 − ε + ε / C and every other class ε / C', () => {
    const [first, second] = smoothedTargets(labels(2, 0), 4, { smoothing: 0.4 }).arraySync();
    [0.1, 0.1, 0.7, 0.1].forEach((value, k) => {
      expect(first![k]).toBeCloseTo(value, 6);
      expect(second![k]).toBeCloseTo(k === 0 ? 0.7 : 0.1, 6);
    });
  });

  it('are one-hot without smoothing, and smooth by 0.1 by default', () => {
    expect(smoothedTargets(labels(1), 3, { smoothing: 0 }).arraySync()).toEqual([[0, 1, 0]]);
    expect(smoothedTargets(labels(1), 3).arraySync()).toEqual(
      smoothedTargets(labels(1), 3, { smoothing: 0.1 }).arraySync(),
    );
  });

  it('leave one tensor behind, the result', async () => {
    const ids = labels(0, 1);
    expect(await leak(() => smoothedTargets(ids, 3))).toBe(1);
  });

  it('name what is wrong with their inputs', () => {
    expect(() => smoothedTargets(tf.tensor1d([0, 1]), 3)).toThrow(LabelsError);
    expect(() => smoothedTargets(tf.tensor1d([0, 1]), 3)).toThrow(/expected class ids \[B\] int32, got \[2\] float32/);
    expect(() => smoothedTargets(labels(0), 1)).toThrow(OptionError);
    expect(() => smoothedTargets(labels(0), 2.5)).toThrow(/got 2\.5/);
    for (const smoothing of [-0.1, 1, Number.NaN]) {
      expect(() => smoothedTargets(labels(0), 3, { smoothing })).toThrow(OptionError);
    }
  });
});
