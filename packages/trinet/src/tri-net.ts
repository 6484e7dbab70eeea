import type { DataSet } from '@tensor-papers/numerics/data-set';
import { predictLogits, type Trainable, type Weight } from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';
import { requireFinite } from './checks.js';
import { ModuleError } from './errors.js';
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

/** @internal Throws unless the models make a net. */
export function requireModules(trunk: tf.LayersModel, heads: readonly tf.LayersModel[], classes: number): void {
  if (heads.length !== headNumbers.length) throw new ModuleError(`expected 3 heads, got ${heads.length}`);
  const features = outputShape('the trunk', trunk);
  heads.forEach((head, i) => {
    const what = `head ${i + 1}`;
    const taken = new Set<unknown>([trunk, ...heads.slice(0, i)].flatMap(({ weights }) => weights));
    if (heads.indexOf(head) !== i || head.weights.some((weight) => taken.has(weight))) {
      throw new ModuleError(
        `${what} shares weights with the trunk or an earlier head: expected a fresh model from every factory; make layers inside it`,
      );
    }
    const logits = outputShape(what, head);
    const input = head.inputs[0]!.shape;
    if (input.slice(1).join() !== features.slice(1).join()) {
      throw new ModuleError(
        `${what}: expected inputs ${shapeText(features)} like the trunk's output, got ${shapeText(input)}`,
      );
    }
    if (logits.length !== 2 || logits[1] !== classes) {
      throw new ModuleError(`${what}: expected logits [B, ${classes}], one for each class, got ${shapeText(logits)}`);
    }
  });
}

const shapeText = (shape: tf.Shape) => `[${['B', ...shape.slice(1)].join(', ')}]`;

/** @internal */
export function outputShape(what: string, model: tf.LayersModel): tf.Shape {
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new ModuleError(
      `${what}: expected a model of one input and one output, got ${model.inputs.length} and ${model.outputs.length}`,
    );
  }
  return model.outputs[0]!.shape;
}

/** A trunk M_S and three heads M_1, M_2, M_3 on it. Owns the four models until `dispose()`. */
export class TriNet implements Trainable {
  readonly trunk: tf.LayersModel;
  readonly heads: readonly tf.LayersModel[];
  /** Number of classes C. */
  readonly classes: number;
  readonly #statistics: readonly tf.layers.Layer[];
  #classifier: tf.LayersModel | null = null;
  #disposed = false;

  /**
   * Takes over four models, such as {@link createTriNet} made or `tf.loadLayersModel` read, and names them `trunk`, `head-1`, ….
   *
   * @throws ModuleError for models that do not fit; they stay the caller's then
   */
  constructor(trunk: tf.LayersModel, heads: readonly tf.LayersModel[], classes: number) {
    requireModules(trunk, heads, classes);
    trunk.name = 'trunk';
    heads.forEach((head, i) => {
      head.name = `head-${i + 1}`;
    });
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
   * It shares the weights of this net and is disposed with it. Saving it asks for layers of different names in trunk and heads, as
   * TensorFlow.js knows weights by them; the four models can always be saved one by one.
   */
  get classifier(): tf.LayersModel {
    this.#classifier ??= this.#makeClassifier();
    return this.#classifier;
  }

  #makeClassifier(): tf.LayersModel {
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
    // A model of models frees those as well.
    for (const model of this.#classifier === null ? this.layers : [this.#classifier]) model.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
