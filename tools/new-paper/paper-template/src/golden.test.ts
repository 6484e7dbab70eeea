import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { goldenSuite } from '@tensor-papers/tools/golden';
import * as tf from '@tensorflow/tfjs';
import { matrix, type Rows } from '../test/support.js';
import { type SmoothingOptions, smoothedCrossEntropy, smoothedTargets } from './index.js';

// REPLACE: one entry for each `fn` of fixtures/golden.json, answering to every key that its cases expect.
const calls = {
  smoothedTargets: ({ labels, classes }: { labels: number[]; classes: number }, options: SmoothingOptions) => ({
    targets: smoothedTargets(tf.tensor1d(labels, 'int32'), classes, options).arraySync(),
  }),
  smoothedCrossEntropy: ({ logits, labels }: { logits: Rows; labels: number[] }, options: SmoothingOptions) => {
    const loss = (z: tf.Tensor) =>
      smoothedCrossEntropy(z as tf.Tensor2D, tf.tensor1d(labels, 'int32'), { ...options, validate: true });
    return {
      loss: loss(matrix(logits)).arraySync(),
      gradLogits: tf.grad(loss)(matrix(logits)).arraySync(),
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
