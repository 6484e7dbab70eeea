import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { ModelFactory } from '@tensor-papers/tensor-core/nn';
import * as tf from '@tensorflow/tfjs';

/** Mean and standard deviation of each channel over all pixels of some images, in units of 0 … 1. */
export interface ChannelMoments {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

const together = 1_000;

export async function channelMoments(set: DataSet): Promise<ChannelMoments> {
  const channels = set.shape[2];
  const sum = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (let from = 0; from < set.length; from += together) {
    const indices = Array.from({ length: Math.min(together, set.length - from) }, (_, i) => from + i);
    const pixels = await set.images(indices);
    for (let i = 0; i < pixels.length; i++) {
      const value = pixels[i]! / 255;
      sum[i % channels]! += value;
      squares[i % channels]! += value * value;
    }
  }
  const count = set.length * set.shape[0] * set.shape[1];
  const mean = Array.from(sum, (total) => total / count);
  return { mean, deviation: mean.map((m, c) => Math.sqrt(squares[c]! / count - m * m)) };
}

/** (x − mean) / deviation in each channel. */
class Standardization extends tf.layers.Layer {
  static readonly className = 'Standardization';
  readonly #moments: ChannelMoments;

  constructor(moments: ChannelMoments) {
    super({});
    this.#moments = moments;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const { mean, deviation } = this.#moments;
    return tf.tidy(() => tf.div(tf.sub(Array.isArray(inputs) ? inputs[0]! : inputs, [...mean]), [...deviation]));
  }

  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }
}

/** A model that standardises its images first. */
export const withStandardizedInputs =
  (makeModel: ModelFactory, moments: ChannelMoments): ModelFactory =>
  (context) => {
    const input = tf.input({ shape: [...context.inputShape] });
    const standardized = new Standardization(moments).apply(input) as tf.SymbolicTensor;
    return tf.model({ inputs: input, outputs: makeModel(context).apply(standardized) as tf.SymbolicTensor });
  };
