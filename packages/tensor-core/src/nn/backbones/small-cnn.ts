import * as tf from '@tensorflow/tfjs';
import {
  layerSeeds,
  ModelConfigurationError,
  type ModelFactory,
  requireContext,
  requireInteger,
} from '../model-factory.js';

/** Options of {@link smallCnn}. */
export interface SmallCnnOptions {
  /** Output channels of each 3×3 convolution. Default [16, 32, 64]. */
  readonly filters?: readonly number[];
  /** What stands between the last convolution and the linear layer. Default `flatten`. */
  readonly head?: 'flatten' | 'globalAveragePool';
}

/**
 * A small convolutional network: 3×3 `same` convolution + ReLU for each filter count, 2×2 max pooling after all but the
 * last, then flatten or global average pooling, then a linear layer to the logits.
 *
 * Weights: He uniform (convolutions), Glorot uniform (last), biases 0. On 28×28×1 with 10 classes the defaults have
 * 54,666 parameters, with `globalAveragePool` 23,946.
 *
 * @throws ModelConfigurationError for filter counts that are no positive integers, an unknown head, inputs that are no
 *   images, or images too small for the pooling
 */
export function smallCnn({ filters = [16, 32, 64], head = 'flatten' }: SmallCnnOptions = {}): ModelFactory {
  requireInteger('smallCnn: number of filters', filters.length, 1);
  for (const count of filters) requireInteger('smallCnn: filters', count, 1);
  if (head !== 'flatten' && head !== 'globalAveragePool') {
    throw new ModelConfigurationError(`smallCnn: head: expected 'flatten' or 'globalAveragePool', got '${head}'`);
  }
  return (context) => {
    requireContext('smallCnn', context, [3]);
    const smallest = 2 ** (filters.length - 1);
    if (context.inputShape[0]! < smallest || context.inputShape[1]! < smallest) {
      throw new ModelConfigurationError(
        `smallCnn: ${filters.length} convolutions pool images of at least ${smallest}×${smallest}, got [${context.inputShape.join(', ')}]; use fewer filters`,
      );
    }
    const seedOf = layerSeeds(context);
    const input = tf.input({ shape: [...context.inputShape], name: 'input' });
    let x = input;
    filters.forEach((count, i) => {
      const name = `conv-${i + 1}`;
      x = tf.layers
        .conv2d({
          filters: count,
          kernelSize: 3,
          padding: 'same',
          activation: 'relu',
          kernelInitializer: tf.initializers.heUniform({ seed: seedOf(name) }),
          name,
        })
        .apply(x) as tf.SymbolicTensor;
      if (i < filters.length - 1) {
        x = tf.layers.maxPooling2d({ poolSize: 2, strides: 2, name: `pool-${i + 1}` }).apply(x) as tf.SymbolicTensor;
      }
    });
    const headLayer =
      head === 'flatten'
        ? tf.layers.flatten({ name: 'flatten' })
        : tf.layers.globalAveragePooling2d({ name: 'global-average-pool' });
    x = headLayer.apply(x) as tf.SymbolicTensor;
    const kernelInitializer = tf.initializers.glorotUniform({ seed: seedOf('logits') });
    const logits = tf.layers.dense({ units: context.classes, kernelInitializer, name: 'logits' }).apply(x);
    return tf.model({ inputs: input, outputs: logits as tf.SymbolicTensor, name: 'small-cnn' });
  };
}
