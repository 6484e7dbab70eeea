import type { DataSet } from '@tensor-papers/numerics/data-set';
import { predictLogits, type Trainable, type Weight } from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';
import { requireFinite } from './checks.js';
import { statisticsLayers, withFrozenStatistics } from './frozen-statistics.js';
import { type HeadNumber, headNumbers } from './heads.js';
import { type SumRulePrediction, sumRule } from './sum-rule.js';
import { SumRuleLayer } from './sum-rule-layer.js';

/**
 * How a net is applied:
 *
 * - `inference`: no dropout, moving statistics
 * - `stochastic`: dropout and noise as in training; normalisation uses its moving statistics and leaves them as they are
 * - `training`: as in training throughout
 */
export type TriNetMode = 'inference' | 'stochastic' | 'training';

/** Options of {@link TriNet.logits}. */
export interface TriNetLogitsOptions {
  /** Which heads. Default: all. */
  readonly heads?: readonly HeadNumber[];
  /** Default `inference`. */
  readonly mode?: TriNetMode;
}

/** What a {@link TriNet} says about a batch. The caller disposes it as a whole. */
export interface TriNetPrediction {
  /** Mean probability of the heads, `[B, C]`. */
  readonly probabilities: tf.Tensor2D;
  /** Class of the largest sum of probabilities, `[B]` int32. */
  readonly classes: tf.Tensor1D;
  dispose(): void;
  [Symbol.dispose](): void;
}

/** Options of {@link TriNet.evaluate}. */
export interface EvaluateOptions {
  /** The examples to use. Default: all. */
  readonly indices?: ArrayLike<number>;
  /** Default 256. */
  readonly batchSize?: number;
}

/** What the heads say about the images of a data set. */
export interface TriNetEvaluation extends SumRulePrediction {
  /** Of each head, `[N × C]` row-major. */
  readonly headProbabilities: readonly Float32Array[];
  /** Of each head, `[N]`. */
  readonly headClasses: readonly Int32Array[];
}

/** A trunk M_S and three heads M_1, M_2, M_3 on it. Owns the four models until `dispose()`. */
export class TriNet implements Trainable {
  readonly trunk: tf.LayersModel;
  readonly heads: readonly tf.LayersModel[];
  /** Number of classes C. */
  readonly classes: number;
  readonly #statistics: readonly tf.layers.Layer[];
  #disposed = false;

  /** Takes the models over; {@link createTriNet} makes and checks them. */
  constructor(trunk: tf.LayersModel, heads: readonly tf.LayersModel[], classes: number) {
    this.trunk = trunk;
    this.heads = heads;
    this.classes = classes;
    this.#statistics = this.layers.flatMap(statisticsLayers);
  }

  /** The trunk and the heads. */
  get layers(): readonly tf.LayersModel[] {
    return [this.trunk, ...this.heads];
  }

  get trainableWeights(): readonly Weight[] {
    return this.layers.flatMap((model) => model.trainableWeights);
  }

  /** All weights, moving statistics included. */
  get weights(): readonly Weight[] {
    return this.layers.flatMap((model) => model.weights);
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  head(head: HeadNumber): tf.LayersModel {
    return this.heads[head - 1]!;
  }

  /** z_v(x) of some heads from one pass through the trunk: `[B, heads, C]`; the caller disposes it. */
  logits(x: tf.Tensor, { heads = headNumbers, mode = 'inference' }: TriNetLogitsOptions = {}): tf.Tensor3D {
    const training = mode !== 'inference';
    const forward = () => {
      const features = this.trunk.apply(x, { training }) as tf.Tensor;
      const outputs = heads.map((head) => this.head(head).apply(features, { training }) as tf.Tensor);
      return tf.stack(outputs, 1) as tf.Tensor3D;
    };
    return tf.tidy(() => (mode === 'stochastic' ? withFrozenStatistics(this.#statistics, forward) : forward()));
  }

  /** @internal z_v(x) of one head as it is trained, see `headPhaseModel`: `[B, C]`. */
  headLogits(
    x: tf.Tensor,
    head: HeadNumber,
    { training, freezeStatistics }: { readonly training: boolean; readonly freezeStatistics: boolean },
  ): tf.Tensor2D {
    const trunk = () => this.trunk.apply(x, { training }) as tf.Tensor;
    const forward = () =>
      this.head(head).apply(head === 1 ? trunk() : withFrozenStatistics(this.#statistics, trunk), {
        training,
      }) as tf.Tensor2D;
    return tf.tidy(() => (freezeStatistics ? withFrozenStatistics(this.#statistics, forward) : forward()));
  }

  /** The logits of all heads, `[B, 3, C]`: how `fit` sees the net. */
  apply(x: tf.Tensor, { training }: { readonly training: boolean }): tf.Tensor3D {
    return this.logits(x, { mode: training ? 'training' : 'inference' });
  }

  /** The sum rule for a batch `[B, …]`, in inference mode. */
  predict(x: tf.Tensor): TriNetPrediction {
    const { probabilities, classes } = tf.tidy(() => {
      const mean = tf.mean(tf.softmax(this.logits(x)), 1) as tf.Tensor2D;
      return { probabilities: mean, classes: tf.argMax(mean, 1) as tf.Tensor1D };
    });
    const dispose = () => tf.dispose([probabilities, classes]);
    return { probabilities, classes, dispose, [Symbol.dispose]: dispose };
  }

  /**
   * Probabilities of all heads and the sum rule for the images of a data set, in inference mode.
   *
   * @throws NonFiniteError when the net gives NaN or an infinity
   */
  async evaluate(data: DataSet, options: EvaluateOptions = {}): Promise<TriNetEvaluation> {
    const headProbabilities = await this.probabilities(data, { heads: headNumbers, ...options });
    return {
      headProbabilities,
      headClasses: headProbabilities.map((each) => sumRule([each], this.classes).classes),
      ...sumRule(headProbabilities, this.classes),
    };
  }

  /** @internal Probabilities of some heads, `[N × C]` each, in inference mode. */
  async probabilities(
    data: DataSet,
    { heads, ...options }: EvaluateOptions & { readonly heads: readonly HeadNumber[] },
  ): Promise<Float32Array[]> {
    const size = heads.length * this.classes;
    const forward = (x: tf.Tensor) => tf.reshape(tf.softmax(this.logits(x, { heads })), [x.shape[0]!, size]);
    const values = await predictLogits(forward, data, options);
    requireFinite(`data set ${data.source.id}`, values, (position) => {
      const row = Math.floor(position / size);
      return options.indices?.[row] ?? row;
    });
    const rows = values.length / size;
    return heads.map((_, i) => {
      const own = new Float32Array(rows * this.classes);
      for (let row = 0; row < rows; row++) {
        const start = row * size + i * this.classes;
        own.set(values.subarray(start, start + this.classes), row * this.classes);
      }
      return own;
    });
  }

  /**
   * One model for the whole net: images → logits `[B, C]` whose softmax is the heads' mean probability, log((1/3) Σ_v p_v).
   *
   * It shares the weights of this net and can be saved, summarised and converted. The caller disposes it, in any order.
   */
  classifier(): tf.LayersModel {
    const input = tf.input({ shape: this.trunk.inputs[0]!.shape.slice(1) });
    const features = this.trunk.apply(input) as tf.SymbolicTensor;
    const logits = this.heads.map((head) => head.apply(features) as tf.SymbolicTensor);
    const output = new SumRuleLayer({ name: 'sum-rule' }).apply(logits) as tf.SymbolicTensor;
    return tf.model({ inputs: input, outputs: output, name: 'tri-net' });
  }

  /** Frees the four models. A second call does nothing. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const model of this.layers) model.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
