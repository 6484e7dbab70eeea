import type * as tf from '@tensorflow/tfjs';

/**
 * The number of trainable parameters of a model: what papers publish.
 *
 * Moving statistics of batch normalisation and frozen layers are not counted.
 */
export function parameterCount(model: Pick<tf.LayersModel, 'trainableWeights'>): number {
  return model.trainableWeights.reduce(
    (sum, weight) => sum + weight.shape.reduce<number>((size, n) => size * (n ?? 1), 1),
    0,
  );
}
