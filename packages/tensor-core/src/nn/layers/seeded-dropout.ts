import * as tf from '@tensorflow/tfjs';
import { requireDropoutRate, requireSeed } from '../model-factory.js';
import { stepSeed } from './step-seed.js';

/** Configuration of {@link SeededDropout}. */
export interface SeededDropoutConfig {
  /** Probability that a unit is dropped, in [0, 1). */
  readonly rate: number;
  /** Decides the masks of all steps. */
  readonly seed: number;
  readonly name?: string;
}

/**
 * Dropout whose masks follow from a seed: mask n is the same in every run, and differs from mask n + 1.
 *
 * y = x · mask / (1 − rate) in training, y = x otherwise. (`tf.layers.dropout` with a seed repeats one mask at every step.)
 *
 * A reloaded layer starts at mask 0 again.
 *
 * @throws ModelConfigurationError for a rate outside [0, 1) or a seed that is no safe integer
 */
export class SeededDropout extends tf.layers.Layer {
  static readonly className = 'SeededDropout';
  readonly rate: number;
  readonly seed: number;
  /** How many masks were drawn; set it to go on where another run stood. */
  draws = 0;

  constructor(config: SeededDropoutConfig) {
    super({ ...config });
    requireDropoutRate('SeededDropout', config.rate);
    requireSeed('SeededDropout', config.seed);
    this.rate = config.rate;
    this.seed = config.seed;
    this.supportsMasking = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    if (!kwargs.training || this.rate === 0) return x;
    const seed = stepSeed(this.seed, this.draws);
    this.draws += 1;
    return tf.tidy(() => tf.dropout(x, this.rate, undefined, seed));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate, seed: this.seed };
  }
}

tf.serialization.registerClass(SeededDropout);
