import type { RetrievalScores } from '@tensor-papers/numerics/metrics';
import { createRng } from '@tensor-papers/numerics/random';
import {
  type Batch,
  type BatchSource,
  batches,
  fit,
  sgd,
  type Trainable,
  TrainingDivergedError,
} from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';
import { collapseWarning } from '../analysis/collapse-warning.js';
import { evaluateEmbeddings } from '../analysis/evaluate-embeddings.js';
import { tripletDiagram } from '../analysis/triplet-diagram.js';
import { NonFiniteError, SamplerError } from '../errors.js';
import { embedImages } from './embed-images.js';
import type { TrainEmbeddingOptions } from './embedding-options.js';
import type { EmbeddingTrial, TrialEpoch } from './embedding-run.js';

/** A trained model and what is known of it. The caller disposes model and proxies. */
export interface TrainedTrial {
  readonly model: tf.LayersModel;
  readonly proxies: tf.Variable | null;
  readonly report: EmbeddingTrial;
  readonly aborted: boolean;
  /** What ended a trial that diverged. */
  readonly failure?: Error;
}

/** Trains with one learning rate from fresh weights. Disposes what it made when it fails. */
export async function trainTrial(options: TrainEmbeddingOptions, learningRate: number): Promise<TrainedTrial> {
  const { makeModel, dimensions, data, seed, signal, on, sinks = [], optimizer: makeOptimizer = plain } = options;
  const model = makeModel({ seed, inputShape: data.shape, classes: dimensions });
  let [proxies, optimizer]: [tf.Variable | null, ReturnType<typeof makeOptimizer> | null] = [null, null];
  const epochs: TrialEpoch[] = [];
  const view = new BatchView(options, learningRate);
  let validation: RetrievalScores | null = null;
  try {
    proxies = options.proxies ? freshProxies(data.classNames.length, dimensions, seed) : null;
    optimizer = makeOptimizer(learningRate);
    const { aborted } = await fit({
      model: withProxies(model, proxies),
      batches: (epoch) => sampled(options, epoch),
      epochs: options.epochs,
      optimizer,
      ...(options.schedule ? { schedule: options.schedule(learningRate) } : {}),
      loss: (embeddings, { y }, _, at) => {
        view.look(embeddings as tf.Tensor2D, y!, at.step);
        return options.loss(embeddings as tf.Tensor2D, y!, { at, proxies: proxies as tf.Tensor2D | null });
      },
      on: {
        step: async (log) => {
          await view.show();
          await on?.step?.({ learningRate, log });
        },
        epoch: async (log) => {
          validation = isValidated(options, log.epoch) ? await validate(model, options) : null;
          const epoch = validation ? { ...log, validation } : log;
          epochs.push(epoch);
          await on?.epoch?.({ learningRate, log: epoch, model });
        },
      },
      ...(signal ? { signal } : {}),
      sinks: typeof sinks === 'function' ? sinks(learningRate) : sinks,
    });
    return { model, proxies, report: { learningRate, epochs, validation, diverged: false }, aborted };
  } catch (error) {
    if (isDivergence(error) && options.learningRates.length > 1) {
      const report = { learningRate, epochs, validation: null, diverged: true };
      return { model, proxies, report, aborted: false, failure: error };
    }
    proxies?.dispose();
    model.dispose();
    throw error;
  } finally {
    optimizer?.dispose();
  }
}

const plain = (learningRate: number) => sgd({ learningRate });

/** A loss of NaN; or embeddings, which the losses of this package refuse before they could come to that. */
const isDivergence = (error: unknown): error is TrainingDivergedError | NonFiniteError =>
  error instanceof TrainingDivergedError || error instanceof NonFiniteError;

/** Normal with variance 2 / D, the same for every learning rate. */
function freshProxies(classes: number, dimensions: number, seed: number): tf.Variable {
  const rng = createRng(seed).stream('proxies');
  const deviation = Math.sqrt(2 / dimensions);
  const values = Float32Array.from({ length: classes * dimensions }, () => deviation * rng.normal());
  return tf.tidy(() => tf.variable(tf.tensor2d(values, [classes, dimensions])));
}

function withProxies(model: tf.LayersModel, proxies: tf.Variable | null): Trainable {
  if (proxies === null) return model;
  return {
    apply: (x, options) => model.apply(x, options),
    trainableWeights: [...model.trainableWeights, proxies],
    weights: [...model.weights, proxies],
  };
}

/** One epoch's batches, as the sampler lays them out. */
function sampled({ data, sampler, seed, augment }: TrainEmbeddingOptions, epoch: number): BatchSource {
  const rng = createRng(seed).stream('sampler');
  const drawn = sampler(data.labels, { rng, epoch });
  if (drawn.length === 0 || drawn.some(({ length }) => length === 0)) {
    throw new SamplerError(
      `sampler: expected batches of at least one image, got ${drawn.length || 'none'} in epoch ${epoch}`,
    );
  }
  async function* iterate(): AsyncGenerator<Batch> {
    for (const [number, indices] of drawn.entries()) {
      const random = augment ? { augment, rng: rng.stream('augment').stream(number), shuffle: false, epoch } : {};
      yield* batches(data, { batchSize: indices.length, indices, ...random });
    }
  }
  return { length: drawn.length, [Symbol.asyncIterator]: iterate };
}

function isValidated({ validation, validateEvery = 0, epochs }: TrainEmbeddingOptions, epoch: number): boolean {
  if (!validation) return false;
  return epoch === epochs - 1 || (validateEvery > 0 && (epoch + 1) % validateEvery === 0);
}

async function validate(
  model: tf.LayersModel,
  { validation, retrieval }: TrainEmbeddingOptions,
): Promise<RetrievalScores> {
  const { values, length, dimensions, labels } = await embedImages(model, validation!, { normalise: false });
  const rows = tf.tensor2d(values, [length, dimensions]);
  try {
    return evaluateEmbeddings(rows, labels, { at: [1, 2, 4, 8], ...retrieval });
  } finally {
    rows.dispose();
  }
}

/** Keeps the embeddings of a batch until its step is over: no diagram is drawn while a gradient is recorded. */
class BatchView {
  readonly #every: number;
  readonly #options: TrainEmbeddingOptions;
  readonly #learningRate: number;
  #seen: { values: Float32Array; shape: [number, number]; labels: Int32Array; step: number } | null = null;
  #warned = false;

  constructor(options: TrainEmbeddingOptions, learningRate: number) {
    this.#every = options.diagramEvery ?? 50;
    this.#options = options;
    this.#learningRate = learningRate;
  }

  look(embeddings: tf.Tensor2D, labels: tf.Tensor1D, step: number): void {
    if (this.#every === 0 || step % this.#every !== 0) return;
    const values = Float32Array.from(embeddings.dataSync());
    this.#seen = { values, shape: embeddings.shape, labels: Int32Array.from(labels.dataSync()), step };
  }

  async show(): Promise<void> {
    if (this.#seen === null) return;
    const { values, shape, labels, step } = this.#seen;
    this.#seen = null;
    const { on } = this.#options;
    const rows = tf.tensor2d(values, shape);
    try {
      const diagram = tripletDiagram(rows, labels);
      const warning = collapseWarning(diagram);
      if (warning && !this.#warned) {
        this.#warned = true;
        const message = `step ${step}, learning rate ${this.#learningRate}: ${warning}`;
        if (on?.warning) on.warning(message);
        else console.warn(message);
      }
      await on?.diagram?.({ learningRate: this.#learningRate, step, diagram });
    } finally {
      rows.dispose();
    }
  }
}
