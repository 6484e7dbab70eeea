import { createRng } from '@tensor-papers/numerics/random';
import { type ModelFactory, resNet } from '@tensor-papers/tensor-core/nn';
import * as tf from '@tensorflow/tfjs';
import type { Net } from './config.js';

/** x → 2x − 1, then 3×3 convolutions at stride 2 with ReLU, then a linear layer to the embedding. */
const small =
  (filters: readonly number[]): ModelFactory =>
  ({ seed, inputShape, classes }) => {
    const rng = createRng(seed).stream('small');
    const seedOf = (name: string) => rng.stream(name).seed() || 1;
    const input = tf.input({ shape: [...inputShape], name: 'input' });
    let x = tf.layers.rescaling({ scale: 2, offset: -1 }).apply(input) as tf.SymbolicTensor;
    for (const [i, count] of filters.entries()) {
      const name = `conv-${i + 1}`;
      const kernelInitializer = tf.initializers.heUniform({ seed: seedOf(name) });
      const config = { filters: count, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu', name } as const;
      x = tf.layers.conv2d({ ...config, kernelInitializer }).apply(x) as tf.SymbolicTensor;
    }
    const flat = tf.layers.flatten().apply(x);
    const kernelInitializer = tf.initializers.glorotUniform({ seed: seedOf('embedding') });
    const output = tf.layers.dense({ units: classes, kernelInitializer, name: 'embedding' }).apply(flat);
    return tf.model({ inputs: input, outputs: output as tf.SymbolicTensor });
  };

export const makeNet = (net: Net): ModelFactory =>
  net.kind === 'small' ? small(net.filters) : resNet({ depth: net.depth });
