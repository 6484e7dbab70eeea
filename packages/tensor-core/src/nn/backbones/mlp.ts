import * as tf from '@tensorflow/tfjs';
import { SeededDropout } from '../layers/seeded-dropout.js';
import { layerSeeds, type ModelFactory, requireContext, requireDropoutRate, requireInteger } from '../model-factory.js';

/** Options of {@link mlp}. */
export interface MlpOptions {
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  /** Dropout rate after each hidden layer, in [0, 1). Default 0. */
  readonly dropout?: number;
}

/**
 * A multi-layer perceptron: flatten, then dense + ReLU for each hidden size, then a linear layer to the logits.
 *
 * Weights: He uniform (hidden), Glorot uniform (last), biases 0. Takes inputs of any shape and flattens them itself.
 *
 * @throws ModelConfigurationError for sizes that are no positive integers or a rate outside [0, 1)
 * @example
 * const makeModel = mlp({ hidden: [256, 128] });
 * const model = makeModel({ seed: 1, inputShape: [28, 28, 1], classes: 10 });
 */
export function mlp({ hidden, dropout = 0 }: MlpOptions): ModelFactory {
  for (const units of hidden) requireInteger('mlp: hidden', units, 1);
  requireDropoutRate('mlp', dropout);
  return (context) => {
    requireContext('mlp', context);
    const seedOf = layerSeeds(context);
    const input = tf.input({ shape: [...context.inputShape], name: 'input' });
    let x = input;
    if (context.inputShape.length > 1) x = tf.layers.flatten({ name: 'flatten' }).apply(x) as tf.SymbolicTensor;
    hidden.forEach((units, i) => {
      const name = `dense-${i + 1}`;
      const kernelInitializer = tf.initializers.heUniform({ seed: seedOf(name) });
      x = tf.layers.dense({ units, activation: 'relu', kernelInitializer, name }).apply(x) as tf.SymbolicTensor;
      if (dropout > 0) {
        const drop = `dropout-${i + 1}`;
        x = new SeededDropout({ rate: dropout, seed: seedOf(drop), name: drop }).apply(x) as tf.SymbolicTensor;
      }
    });
    const kernelInitializer = tf.initializers.glorotUniform({ seed: seedOf('logits') });
    const logits = tf.layers.dense({ units: context.classes, kernelInitializer, name: 'logits' }).apply(x);
    return tf.model({ inputs: input, outputs: logits as tf.SymbolicTensor, name: 'mlp' });
  };
}
