import { expect } from '@jest/globals';
import type { Rng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';

/** Fails when the action leaves tensors on the engine. */
export async function expectNoLeak(action: () => unknown): Promise<void> {
  const before = tf.memory().numTensors;
  await action();
  expect(tf.memory().numTensors - before).toBe(0);
}

/** Values of a model's weights, moving statistics included. */
export function weightValues(model: tf.LayersModel): number[][] {
  return model.getWeights().map((weight) => Array.from(weight.dataSync()));
}

/** A tensor of independent normal values. */
export function normalTensor(shape: number[], rng: Rng, scale = 1): tf.Tensor {
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => scale * rng.normal()),
    shape,
  );
}

/** Mean softmax cross-entropy of logits `[B, C]` and labels `[B]`. */
export function crossEntropy(logits: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  const oneHot = tf.oneHot(labels as tf.Tensor1D, logits.shape[1]!);
  return tf.neg(tf.mean(tf.sum(tf.mul(oneHot, tf.logSoftmax(logits)), 1))) as tf.Scalar;
}
