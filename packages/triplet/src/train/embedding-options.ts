import type { Augmentation } from '@tensor-papers/numerics/augment';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { RetrievalScores } from '@tensor-papers/numerics/metrics';
import type { Rng } from '@tensor-papers/numerics/random';
import type { ModelFactory } from '@tensor-papers/tensor-core/nn';
import type { LossValue, Optimizer, Progress, Schedule, StepLog, TrainLogSink } from '@tensor-papers/tensor-core/train';
import type * as tf from '@tensorflow/tfjs';
import type { EvaluateEmbeddingsOptions } from '../analysis/evaluate-embeddings.js';
import type { TripletDiagram } from '../analysis/triplet-diagram.js';
import { requireInteger, requireNumber } from '../checks.js';
import { EmptyBatchError, LabelsError, OptionError, SplitError } from '../errors.js';
import type { EmbeddingTrial, TrialEpoch } from './embedding-run.js';

/** What makes the batches of an epoch, as indices: `(labels, at) => classBalancedBatches(labels, { classesPerBatch: 32, ...at })`. */
export type Sampler = (
  labels: Int32Array,
  at: { readonly rng: Rng; readonly epoch: number },
) => readonly ArrayLike<number>[];

/** What a loss may want to know besides the batch. */
export interface EmbeddingLossContext {
  readonly at: Progress;
  /** `[C, D]`, one trained row a class; null unless `proxies` is set. */
  readonly proxies: tf.Tensor2D | null;
}

/** What {@link trainEmbedding} calls while it trains; it waits for promises. */
export interface EmbeddingCallbacks {
  trialStart?(start: { readonly learningRate: number; readonly trial: number }): void | Promise<void>;
  step?(step: { readonly learningRate: number; readonly log: StepLog }): void | Promise<void>;
  /** Of the batch of a step, before its update: every `diagramEvery` steps. */
  diagram?(view: {
    readonly learningRate: number;
    readonly step: number;
    readonly diagram: TripletDiagram;
  }): void | Promise<void>;
  /** The model is still in training: do not dispose it. */
  epoch?(epoch: {
    readonly learningRate: number;
    readonly log: TrialEpoch;
    readonly model: tf.LayersModel;
  }): void | Promise<void>;
  trial?(trial: EmbeddingTrial): void | Promise<void>;
  /** A collapsed embedding, once a trial. Default: `console.warn`. */
  warning?(message: string): void;
}

/** Options of {@link trainEmbedding}. */
export interface TrainEmbeddingOptions {
  /** Makes the network: its `classes` are the `dimensions` of the embedding, without an activation. */
  readonly makeModel: ModelFactory;
  /** D. */
  readonly dimensions: number;
  /** Images with labels; what has none (−1) is left to the sampler. */
  readonly data: DataSet;
  /** Any loss on rows `[B, D]` as the model returns them, with any miner: `selectivelyContrastiveLoss`, or a closure around another. */
  loss(embeddings: tf.Tensor2D, labels: tf.Tensor1D, context: EmbeddingLossContext): LossValue;
  readonly sampler: Sampler;
  readonly epochs: number;
  /** Decides everything that is drawn; the same for every learning rate. */
  readonly seed: number;
  /** Each is tried; the one with the best validation is kept. One needs no validation. */
  readonly learningRates: readonly [number, ...number[]];
  /** Images of other classes than `data`, by name. They choose the learning rate. */
  readonly validation?: DataSet;
  /** Validate every so many epochs as well, for curves. Default 0: at the end. */
  readonly validateEvery?: number;
  /** What is best. Default: R@1, `hitAt` of the first k. */
  select?(scores: RetrievalScores): number;
  /** How validation is measured. Default: cosines, at 1, 2, 4 and 8. */
  readonly retrieval?: Omit<EvaluateEmbeddingsOptions, 'gallery'>;
  /** Default: plain gradient descent, as in the authors' code. It is disposed after its trial. */
  optimizer?(learningRate: number): Optimizer;
  /** Default: the learning rate throughout. */
  schedule?(learningRate: number): Schedule;
  readonly augment?: Augmentation;
  /** Trains one vector a class beside the model, for `arcFaceLoss` and `proxyAnchorLoss`. Default false. */
  readonly proxies?: boolean;
  /** Look at the triplet diagram of every so many batches, and warn of a collapse. 0 never looks. Default 50. */
  readonly diagramEvery?: number;
  /** Ends the run before the next step. */
  readonly signal?: AbortSignal;
  readonly on?: EmbeddingCallbacks;
  /** Logs, started and ended once a trial; a function makes those of one learning rate. */
  readonly sinks?: readonly TrainLogSink[] | ((learningRate: number) => readonly TrainLogSink[]);
}

/** @internal Throws unless the options go together, as far as that is known without a model. */
export function requireTrainEmbedding(options: TrainEmbeddingOptions): void {
  const { data, validation, dimensions, epochs, learningRates, validateEvery = 0, diagramEvery = 0 } = options;
  requireInteger('dimensions', dimensions, 1);
  requireInteger('epochs', epochs, 1);
  requireInteger('validateEvery', validateEvery, 0);
  requireInteger('diagramEvery', diagramEvery, 0);
  for (const rate of learningRates) requireNumber('learningRates', rate, { low: 0, exclusive: true });
  if (learningRates.length === 0) throw new OptionError('learningRates: expected at least one, got none');
  if (learningRates.length > 1 && !validation) {
    throw new OptionError(
      `learningRates: expected \`validation\` to choose among ${learningRates.length}, got none; hold classes out with splitClasses`,
    );
  }
  if (validateEvery > 0 && !validation) throw new OptionError('validateEvery: expected `validation`, got none');
  requireData('data', data);
  if (validation) {
    requireData('validation', validation);
    requireDisjoint(data, validation);
  }
}

function requireData(what: string, { length, labels }: DataSet): void {
  if (length === 0) throw new EmptyBatchError(`${what}: expected at least one image, got none`);
  if (labels.length !== length) {
    throw new LabelsError(`${what}: expected ${length} labels, one an image, got ${labels.length}`);
  }
}

const namesOf = ({ labels, classNames }: DataSet) =>
  new Set(Array.from(new Set(labels), (label) => classNames[label]).filter((name) => name !== undefined));

function requireDisjoint(data: DataSet, validation: DataSet): void {
  if (validation.shape.join() !== data.shape.join()) {
    throw new OptionError(
      `validation: expected images [${data.shape.join(', ')}] like the training data's, got [${validation.shape.join(', ')}]`,
    );
  }
  const missing = validation.labels.indexOf(-1);
  if (missing >= 0)
    throw new LabelsError(`validation: expected a label for every image, got none for image ${missing}`);
  const trained = namesOf(data);
  const both = [...namesOf(validation)].filter((name) => trained.has(name));
  if (both.length > 0) {
    throw new SplitError(
      `validation: expected other classes than those of the training data, got ${both.length} of them again, such as '${both[0]}'; ` +
        'use splitClasses',
    );
  }
}
