import { jest } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';

/** Makes a model whose normal initial weights are zeros: where only shapes count, millions of draws are a waste of time. */
export function withoutDraws<Model>(make: () => Model): Model {
  const initializers = [
    jest.spyOn(tf.initializers, 'randomNormal').mockImplementation(() => tf.initializers.zeros()),
    jest.spyOn(tf.initializers, 'heUniform').mockImplementation(() => tf.initializers.zeros()),
  ];
  try {
    return make();
  } finally {
    for (const initializer of initializers) initializer.mockRestore();
  }
}
