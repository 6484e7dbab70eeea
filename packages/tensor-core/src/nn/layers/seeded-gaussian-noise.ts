import * as tf from '@tensorflow/tfjs';
import { ModelConfigurationError, requireSeed } from '../model-factory.js';
import { stepSeed } from './step-seed.js';

/** Configuration of {@link SeededGaussianNoise}. */
export interface SeededGaussianNoiseConfig {
  /** Standard deviation of the noise, in the units of the input; at least 0. */
  readonly stddev: number;
  /** Decides the noise of all steps. */
  readonly seed: number;
  readonly name?: string;
}

/**
 * Additive Gaussian noise that follows from a seed: draw n is the same in every run, and differs from draw n + 1.
 *
 * y = x + ε, ε ~ N(0, stddev²) for each value in training, y = x otherwise. (`tf.layers.gaussianNoise` takes no seed.)
 *
 * A reloaded layer starts at draw 0 again.
 *
 * @throws ModelConfigurationError for a negative or infinite stddev or a seed that is no safe integer
 */
export class SeededGaussianNoise extends tf.layers.Layer {
  static readonly className = 'SeededGaussianNoise';
  readonly stddev: number;
  readonly seed: number;
  /** How many times noise was drawn; set it to go on where another run stood. */
  draws = 0;

  constructor(config: SeededGaussianNoiseConfig) {
    super({ ...config });
    if (!(config.stddev >= 0 && config.stddev < Number.POSITIVE_INFINITY)) {
      throw new ModelConfigurationError(
        `SeededGaussianNoise: stddev: expected a finite number of at least 0, got ${config.stddev}`,
      );
    }
    requireSeed('SeededGaussianNoise', config.seed);
    this.stddev = config.stddev;
    this.seed = config.seed;
    this.supportsMasking = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    if (!kwargs.training || this.stddev === 0) return x;
    const seed = stepSeed(this.seed, this.draws);
    this.draws += 1;
    return tf.tidy(() => tf.add(x, tf.randomNormal(x.shape, 0, this.stddev, 'float32', seed)));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), stddev: this.stddev, seed: this.seed };
  }
}

tf.serialization.registerClass(SeededGaussianNoise);
