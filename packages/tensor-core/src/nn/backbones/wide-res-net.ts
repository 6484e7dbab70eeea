import * as tf from '@tensorflow/tfjs';
import { SeededDropout } from '../layers/seeded-dropout.js';
import {
  layerSeeds,
  ModelConfigurationError,
  type ModelFactory,
  requireContext,
  requireDropoutRate,
  requireInteger,
} from '../model-factory.js';

/** Options of {@link wideResNet}. */
export interface WideResNetOptions {
  /** Number of convolutional layers on the main path: 6n + 4 (10, 16, 22, 28, 40, …). */
  readonly depth: number;
  /** Widening factor k: the stages have 16k, 32k and 64k channels. */
  readonly width: number;
  /** Dropout rate between the two convolutions of a block, in [0, 1). Default 0. */
  readonly dropout?: number;
  /** false leaves out the last layer: the model gives the pooled embedding `[B, 64k]`. Default true. */
  readonly classifier?: boolean;
}

type Symbolic = tf.SymbolicTensor;

/**
 * Wide residual network WRN-depth-width (Zagoruyko and Komodakis, 2016) for small images.
 *
 * 3×3 convolution to 16 channels; three stages of n = (depth − 4) / 6 pre-activation blocks (BN, ReLU, 3×3, BN, ReLU,
 * dropout, 3×3, plus the input, or a 1×1 projection of the activated input where the shape changes), strides 1, 2, 2;
 * BN, ReLU, global average pooling, linear layer to the logits. Convolutions have no bias and pad one pixel on every side,
 * at stride 2 as well (so do the published networks; `same` padding would shift the grid). BN: momentum 0.9, ε 1e-5.
 * Weights: He uniform (convolutions), Glorot uniform (last).
 *
 * @throws ModelConfigurationError when depth is not 6n + 4, width no positive integer, or inputs are no images
 */
export function wideResNet({ depth, width, dropout = 0, classifier = true }: WideResNetOptions): ModelFactory {
  requireInteger('wideResNet: width', width, 1);
  requireDropoutRate('wideResNet', dropout);
  const blocks = (depth - 4) / 6;
  if (!Number.isInteger(blocks) || blocks < 1) {
    throw new ModelConfigurationError(`wideResNet: depth: expected 6n + 4 (10, 16, 22, 28, …), got ${depth}`);
  }
  return (context) => {
    requireContext('wideResNet', context, [3]);
    const seedOf = layerSeeds(context);

    const convolution = (x: Symbolic, filters: number, kernelSize: 1 | 3, strides: number, name: string): Symbolic => {
      let padded = x;
      if (kernelSize === 3 && strides > 1) {
        padded = tf.layers.zeroPadding2d({ padding: [1, 1], name: `${name}-pad` }).apply(x) as Symbolic;
      }
      const padding = kernelSize === 3 && strides === 1 ? 'same' : 'valid';
      const kernelInitializer = tf.initializers.heUniform({ seed: seedOf(name) });
      return tf.layers
        .conv2d({ filters, kernelSize, strides, padding, useBias: false, kernelInitializer, name })
        .apply(padded) as Symbolic;
    };
    const activation = (x: Symbolic, name: string): Symbolic => {
      const normalised = tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5, name: `${name}-norm` }).apply(x);
      return tf.layers.reLU({ name: `${name}-relu` }).apply(normalised) as Symbolic;
    };
    const residualBlock = (x: Symbolic, filters: number, strides: number, name: string): Symbolic => {
      const activated = activation(x, `${name}-1`);
      const projects = strides !== 1 || x.shape.at(-1) !== filters;
      const shortcut = projects ? convolution(activated, filters, 1, strides, `${name}-projection`) : x;
      let y = convolution(activated, filters, 3, strides, `${name}-1-conv`);
      y = activation(y, `${name}-2`);
      if (dropout > 0) {
        const drop = `${name}-dropout`;
        y = new SeededDropout({ rate: dropout, seed: seedOf(drop), name: drop }).apply(y) as Symbolic;
      }
      y = convolution(y, filters, 3, 1, `${name}-2-conv`);
      return tf.layers.add({ name: `${name}-add` }).apply([y, shortcut]) as Symbolic;
    };

    const input = tf.input({ shape: [...context.inputShape], name: 'input' });
    let x = convolution(input, 16, 3, 1, 'stem');
    for (let stage = 0; stage < 3; stage++) {
      for (let block = 0; block < blocks; block++) {
        const strides = stage > 0 && block === 0 ? 2 : 1;
        x = residualBlock(x, 16 * width * 2 ** stage, strides, `stage-${stage + 1}-block-${block + 1}`);
      }
    }
    x = activation(x, 'head');
    x = tf.layers.globalAveragePooling2d({ name: 'global-average-pool' }).apply(x) as Symbolic;
    if (classifier) {
      const kernelInitializer = tf.initializers.glorotUniform({ seed: seedOf('logits') });
      x = tf.layers.dense({ units: context.classes, kernelInitializer, name: 'logits' }).apply(x) as Symbolic;
    }
    return tf.model({ inputs: input, outputs: x, name: `wide-res-net-${depth}-${width}` });
  };
}
