import * as tf from '@tensorflow/tfjs';
import { SeededGaussianNoise } from '../layers/seeded-gaussian-noise.js';
import {
  ModelConfigurationError,
  type ModelFactory,
  requireContext,
  requireDropoutRate,
  requireInteger,
  requireSide,
} from '../model-factory.js';
import { type ConvolutionOptions, layerBuilder } from './layer-builder.js';

/** Options of {@link convLarge}. */
export interface ConvLargeOptions {
  /** Channels w of the first block. Default 128. */
  readonly width?: number;
  /** Dropout rate after each max pooling, in [0, 1). Default 0.5. */
  readonly dropout?: number;
  /** Slope a of the leaky ReLU for negative values, in [0, 1); 0 is a plain ReLU. Default 0.1. */
  readonly negativeSlope?: number;
  /**
   * Standard deviation of Gaussian noise that is added to the images in training. Default 0; the papers add 0.15, to images of
   * about unit variance, not to pixels in [0, 1].
   */
  readonly inputNoise?: number;
  /** false leaves out the last layer: the model gives the pooled embedding `[B, w]`. Default true. */
  readonly classifier?: boolean;
}

/** Two poolings of 2×2, then a 3×3 convolution without padding. */
const SMALLEST_SIDE = 12;

/**
 * The 13-layer convolutional network of semi-supervised learning, "conv-large" (Laine and Aila, 2017; Tarvainen and Valpola,
 * 2017).
 *
 * Three 3×3 convolutions to w channels, 2×2 max pooling, dropout; three 3×3 to 2w, max pooling, dropout; 3×3 without padding
 * to 4w, 1×1 to 2w, 1×1 to w, global average pooling; linear layer to the logits. Each convolution is followed by batch
 * normalisation (momentum 0.9, ε 1e-5) and leaky ReLU, max(x, a·x), and has no bias. The original papers normalise weights and
 * subtract batch means instead; batch normalisation is what later work, such as FeatMatch, uses.
 *
 * Weights: He normal by fan-in, variance 2 / ((1 + a²) k² c_in) (convolutions), Glorot uniform (last). On 32×32×3 with 10
 * classes: 3,121,802 parameters. Names of weights: see {@link resNet}.
 *
 * @throws ModelConfigurationError for a width that is no positive integer, a dropout rate or slope outside [0, 1), negative
 *   noise, inputs that are no images or smaller than 12×12
 * @example
 * const encoder = convLarge({ dropout: 0, negativeSlope: 0, classifier: false }); // FeatMatch's
 * const model = encoder({ seed: 1, inputShape: [32, 32, 3], classes: 100 }); // images → [B, 128]
 */
export function convLarge(options: ConvLargeOptions = {}): ModelFactory {
  const { width = 128, dropout = 0.5, negativeSlope = 0.1, inputNoise = 0, classifier = true } = options;
  requireInteger('convLarge: width', width, 1);
  requireDropoutRate('convLarge', dropout);
  if (!(negativeSlope >= 0 && negativeSlope < 1)) {
    throw new ModelConfigurationError(`convLarge: negativeSlope: expected a number in [0, 1), got ${negativeSlope}`);
  }
  if (!(inputNoise >= 0 && inputNoise < Number.POSITIVE_INFINITY)) {
    throw new ModelConfigurationError(
      `convLarge: inputNoise: expected a finite number of at least 0, got ${inputNoise}`,
    );
  }
  const blocks: ConvolutionOptions[][] = [
    Array.from({ length: 3 }, () => ({ filters: width, kernelSize: 3 })),
    Array.from({ length: 3 }, () => ({ filters: 2 * width, kernelSize: 3 })),
    [
      { filters: 4 * width, kernelSize: 3, padding: 'none' },
      { filters: 2 * width, kernelSize: 1 },
      { filters: width, kernelSize: 1 },
    ],
  ];
  return (context) => {
    requireContext('convLarge', context, [3]);
    requireSide('convLarge', context.inputShape, SMALLEST_SIDE);
    const build = layerBuilder(context, { gain: 2 / (1 + negativeSlope ** 2), fan: 'in' });
    const input = build.input();
    let x = input;
    if (inputNoise > 0) {
      const noise = new SeededGaussianNoise({ stddev: inputNoise, seed: build.seedOf('noise'), name: 'noise' });
      x = noise.apply(x) as tf.SymbolicTensor;
    }
    blocks.forEach((convolutions, i) => {
      const block = `block${i + 1}`;
      convolutions.forEach((convolution, k) => {
        x = build.convolution(x, `${block}/conv${k + 1}`, convolution);
        x = build.normalisation(x, `${block}/norm${k + 1}`);
        x = build.leakyRelu(x, `${block}/relu${k + 1}`, negativeSlope);
      });
      if (i === blocks.length - 1) return;
      x = build.dropout(build.maxPooling(x, `${block}/pool`, 2), `${block}/dropout`, dropout);
    });
    x = build.globalAveragePooling(x, 'head/pool');
    return tf.model({ inputs: input, outputs: classifier ? build.logits(x) : x, name: 'conv-large' });
  };
}
