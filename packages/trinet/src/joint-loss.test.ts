import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { leak, normals, probabilityRows } from '../test/support.js';
import { headLoss, jointLoss, jointLossPerSample, ShapeError } from './index.js';

const rng = createRng(3);
const [batch, classes] = [4, 5];
const logits = Array.from({ length: 3 }, () => Array.from({ length: batch }, () => normals(rng, classes, 2)));
const targets = Array.from({ length: 3 }, () => probabilityRows(rng, batch, classes));

/** Cross-entropy in plain float64 loops. */
function reference(z: number[], w: number[]): number {
  const logSum = Math.log(z.reduce((sum, value) => sum + Math.exp(value), 0));
  return z.reduce((sum, value, c) => sum - w[c]! * (value - logSum), 0);
}
const jointReference = (z: number[][][]) =>
  z.flatMap((rows, v) => rows.map((row, l) => reference(row, targets[v]![l]!))).reduce((a, b) => a + b, 0) / batch;

const tensors = (rows: number[][][]) => rows.map((each) => tf.tensor2d(each));

describe('jointLoss', () => {
  it('and its terms are those of plain loops', () => {
    tf.tidy(() => {
      const wanted = tf.tensor3d(targets);
      expect(jointLoss(tensors(logits), wanted).arraySync()).toBeCloseTo(jointReference(logits), 5);
      const terms = jointLossPerSample(tensors(logits), wanted).arraySync();
      terms.forEach((row, v) => {
        row.forEach((value, l) => {
          expect(value).toBeCloseTo(reference(logits[v]![l]!, targets[v]![l]!), 5);
        });
      });
    });
  });

  it('has the gradient of finite differences at every logit, and none at the targets', () => {
    tf.tidy(() => {
      const wanted = tf.tensor3d(targets);
      const gradients = tf.grads((...z) => jointLoss(z as tf.Tensor2D[], wanted))(tensors(logits));
      const step = 1e-4;
      gradients.forEach((gradient, v) => {
        (gradient.arraySync() as number[][]).forEach((row, l) => {
          row.forEach((value, c) => {
            const moved = (by: number) => {
              const copy = structuredClone(logits);
              copy[v]![l]![c]! += by;
              return jointReference(copy);
            };
            expect(value).toBeCloseTo((moved(step) - moved(-step)) / (2 * step), 5);
          });
        });
      });
      const atTargets = () => tf.grad((w) => jointLoss(tensors(logits), w as tf.Tensor3D))(wanted);
      expect(atTargets).toThrow(/gradient/i);
    });
  });

  it('has that gradient for targets that do not sum to 1 as well', () => {
    tf.tidy(() => {
      const [z, w] = [tf.tensor2d([[1, -2, 0.5]]), tf.tensor2d([[0.5, 2, 0]])];
      const [got] = tf
        .grad((x) => headLoss(x as tf.Tensor2D, w))(z)
        .arraySync() as number[][];
      const q = tf.softmax(z).arraySync()[0]!;
      [0.5, 2, 0].forEach((target, c) => {
        expect(got![c]).toBeCloseTo(2.5 * q[c]! - target, 5);
      });
    });
  });

  it('is the sum of the three heads’ losses', () => {
    tf.tidy(() => {
      const parts = tensors(logits).map((z, v) => headLoss(z, tf.tensor2d(targets[v]!)).arraySync());
      expect(jointLoss(tensors(logits), tf.tensor3d(targets)).arraySync()).toBeCloseTo(
        parts.reduce((a, b) => a + b, 0),
        5,
      );
    });
  });

  it('leaves one tensor, and refuses other shapes', async () => {
    const [z, wanted] = [tensors(logits), tf.tensor3d(targets)];
    expect(await leak(() => jointLoss(z, wanted))).toBe(1);
    expect(() => jointLoss(z.slice(1), wanted)).toThrow(ShapeError);
    expect(() => jointLoss([z[0]!, z[1]!, tf.zeros([batch, classes + 1])], wanted)).toThrow(ShapeError);
    expect(() => jointLoss(z, tf.zeros([3, batch, classes + 1]))).toThrow(/targets: expected \[3, 4, 5\] float32/);
    expect(() => jointLoss(z, tf.zeros([3, batch, classes], 'int32'))).toThrow(ShapeError);
    expect(() => headLoss(z[0]!, tf.zeros([batch, 1]))).toThrow(ShapeError);
    expect(() => headLoss(tf.zeros([0, 3]), tf.zeros([0, 3]))).toThrow(/at least one row/);
  });
});
