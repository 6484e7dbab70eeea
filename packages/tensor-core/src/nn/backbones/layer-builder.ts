import * as tf from '@tensorflow/tfjs';
import { SeededDropout } from '../layers/seeded-dropout.js';
import { layerSeeds, type ModelContext } from '../model-factory.js';

type Symbolic = tf.SymbolicTensor;

/** @internal What a convolution of {@link layerBuilder} needs besides its input and name. */
export interface ConvolutionOptions {
  readonly filters: number;
  readonly kernelSize: number;
  readonly strides?: number;
  /** Zeros around the image: (kernelSize − 1) / 2 on every side, as PyTorch pads, or none. Default `symmetric`. */
  readonly padding?: 'symmetric' | 'none';
}

/** @internal How kernels start: normal, mean 0, variance gain / fan. */
export interface KernelInitialization {
  readonly gain: number;
  /** `in`: kernelSize² · c_in; `out`: kernelSize² · c_out. */
  readonly fan: 'in' | 'out';
}

/**
 * @internal Applies the layers that the backbones share, each named and seeded by the path it is given.
 *
 * Convolutions have no bias. Batch normalisation: ε 1e-5, momentum 0.9 (PyTorch's 0.1).
 */
export function layerBuilder(context: ModelContext, { gain, fan }: KernelInitialization) {
  const seedOf = layerSeeds(context);

  function zeroPadding(x: Symbolic, pixels: number, name: string): Symbolic {
    if (pixels === 0) return x;
    return tf.layers.zeroPadding2d({ padding: [pixels, pixels], name }).apply(x) as Symbolic;
  }

  return {
    input(): Symbolic {
      return tf.input({ shape: [...context.inputShape], name: 'input' });
    },

    convolution(x: Symbolic, name: string, options: ConvolutionOptions): Symbolic {
      const { filters, kernelSize, strides = 1, padding = 'symmetric' } = options;
      const pixels = padding === 'symmetric' ? (kernelSize - 1) / 2 : 0;
      // `same` is symmetric at stride 1 only: at stride 2 TensorFlow pads even images at the end alone.
      const padded = strides === 1 ? x : zeroPadding(x, pixels, `${name}/padding`);
      const units = kernelSize ** 2 * (fan === 'in' ? x.shape.at(-1)! : filters);
      // Not tf.initializers.heNormal: its truncated normal has 0.88 of the standard deviation.
      const kernelInitializer = tf.initializers.randomNormal({
        mean: 0,
        stddev: Math.sqrt(gain / units),
        seed: seedOf(name),
      });
      const mode = strides === 1 && pixels > 0 ? 'same' : 'valid';
      return tf.layers
        .conv2d({ filters, kernelSize, strides, padding: mode, useBias: false, kernelInitializer, name })
        .apply(padded) as Symbolic;
    },

    normalisation(x: Symbolic, name: string): Symbolic {
      return tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5, name }).apply(x) as Symbolic;
    },

    relu(x: Symbolic, name: string): Symbolic {
      return tf.layers.reLU({ name }).apply(x) as Symbolic;
    },

    leakyRelu(x: Symbolic, name: string, alpha: number): Symbolic {
      return tf.layers.leakyReLU({ alpha, name }).apply(x) as Symbolic;
    },

    /** Padding with zeros is PyTorch's (−∞) where no value is negative: after a ReLU. */
    maxPooling(x: Symbolic, name: string, poolSize: number, pixels = 0): Symbolic {
      const padded = zeroPadding(x, pixels, `${name}/padding`);
      return tf.layers.maxPooling2d({ poolSize, strides: 2, name }).apply(padded) as Symbolic;
    },

    averagePooling(x: Symbolic, name: string): Symbolic {
      return tf.layers.averagePooling2d({ poolSize: 2, strides: 2, name }).apply(x) as Symbolic;
    },

    globalAveragePooling(x: Symbolic, name: string): Symbolic {
      return tf.layers.globalAveragePooling2d({ name }).apply(x) as Symbolic;
    },

    dropout(x: Symbolic, name: string, rate: number): Symbolic {
      return rate === 0 ? x : (new SeededDropout({ rate, seed: seedOf(name), name }).apply(x) as Symbolic);
    },

    add(a: Symbolic, b: Symbolic, name: string): Symbolic {
      return tf.layers.add({ name }).apply([a, b]) as Symbolic;
    },

    concatenate(a: Symbolic, b: Symbolic, name: string): Symbolic {
      return tf.layers.concatenate({ axis: -1, name }).apply([a, b]) as Symbolic;
    },

    logits(x: Symbolic): Symbolic {
      const kernelInitializer = tf.initializers.glorotUniform({ seed: seedOf('logits') });
      return tf.layers.dense({ units: context.classes, kernelInitializer, name: 'logits' }).apply(x) as Symbolic;
    },

    seedOf,
  };
}

/** @internal */
export type LayerBuilder = ReturnType<typeof layerBuilder>;
