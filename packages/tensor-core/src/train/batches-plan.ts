import { type Augmentation, augmentedShape } from '@tensor-papers/numerics/augment';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { Rng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import type { Batch } from './batch.js';
import type { ImageTask } from './batches-prepare.js';
import { BatchDataError, LabelRangeError, TrainOptionError } from './errors.js';
import { requireInteger } from './require-option.js';

/** Options of {@link batches}. */
export interface BatchesOptions {
  /** Examples per batch; the last batch of an epoch may hold fewer. */
  readonly batchSize: number;
  /** Decides order and augmentation, together with `epoch`. Nothing is drawn from it directly: only its named streams are used. */
  readonly rng?: Rng;
  /** Which epoch this is: another one gives another order and other augmentations. Default 0. */
  readonly epoch?: number;
  /** Draw the order at random. Default: true where an `rng` is given. */
  readonly shuffle?: boolean;
  /** Applied to the images of each batch; needs `rng`. */
  readonly augment?: Augmentation;
  /** The examples to use. Default: all. */
  readonly indices?: ArrayLike<number>;
  /** Leave out a last batch that is not full. Default false. */
  readonly dropLast?: boolean;
}

/** The batches of one epoch; each iteration yields the same ones. */
export interface BatchStream extends AsyncIterable<Batch> {
  /** Number of batches. */
  readonly length: number;
}

function requireInputs(data: DataSet, options: BatchesOptions): void {
  requireInteger('batches: batchSize', options.batchSize, 1);
  requireInteger('batches: epoch', options.epoch ?? 0, 0);
  if (options.rng === undefined && (options.shuffle || options.augment !== undefined)) {
    throw new TrainOptionError('batches: shuffle and augment draw at random: expected `rng`, got none');
  }
  if (data.labels.length !== data.length) {
    throw new BatchDataError(`batches: expected ${data.length} labels, got ${data.labels.length}`);
  }
  const { indices } = options;
  for (let i = 0; i < (indices?.length ?? 0); i++) {
    const index = indices![i]!;
    if (!Number.isInteger(index) || index < 0 || index >= data.length) {
      throw new TrainOptionError(`batches: indices[${i}]: expected 0 … ${data.length - 1}, got ${index}`);
    }
  }
}

function epochOrder(data: DataSet, options: BatchesOptions): Int32Array {
  const { rng, indices, shuffle = rng !== undefined, epoch = 0 } = options;
  const chosen =
    indices === undefined ? Int32Array.from({ length: data.length }, (_, i) => i) : Int32Array.from(indices);
  if (!shuffle) return chosen;
  return rng!
    .stream('order')
    .stream(epoch)
    .permutation(chosen.length)
    .map((position) => chosen[position]!);
}

function labelsOf(data: DataSet, indices: Int32Array): Int32Array {
  return indices.map((index) => {
    const label = data.labels[index]!;
    if (label < -1 || label >= data.classNames.length) {
      throw new LabelRangeError(
        `example ${index}: expected a label in 0 … ${data.classNames.length - 1} (−1 where missing), got ${label}`,
      );
    }
    return label;
  });
}

/** A batch that was read, before its images are prepared. */
export interface ReadBatch {
  readonly indices: Int32Array;
  readonly labels: Int32Array;
  readonly task: ImageTask;
  /** `[height, width, channels]` of the images once they are prepared. */
  readonly shape: readonly [number, number, number];
}

/** The tensors of a batch whose images are prepared. */
export function toBatch({ indices, labels, shape }: ReadBatch, values: Float32Array): Batch {
  const x = tf.tensor4d(values, [indices.length, ...shape]);
  return { x, y: tf.tensor1d(labels, 'int32'), indices };
}

/** What an epoch of a data set consists of, wherever its images are prepared. */
export class BatchPlan {
  /** Number of batches. */
  readonly length: number;
  readonly #data: DataSet;
  readonly #options: BatchesOptions;

  /** @throws TrainOptionError, BatchDataError */
  constructor(data: DataSet, options: BatchesOptions) {
    requireInputs(data, options);
    const { batchSize, dropLast = false } = options;
    const examples = options.indices?.length ?? data.length;
    this.length = dropLast ? Math.floor(examples / batchSize) : Math.ceil(examples / batchSize);
    this.#data = data;
    this.#options = options;
  }

  /** Draws the order; the result reads the batch of a step. */
  reader(): (step: number) => Promise<ReadBatch> {
    const { batchSize, rng, epoch = 0, augment = [] } = this.#options;
    const data = this.#data;
    const [height, width, channels] = data.shape;
    const shape = augmentedShape(augment, data.shape);
    const order = epochOrder(data, this.#options);
    const random = augment.length > 0 ? rng!.stream('augment').stream(epoch) : undefined;
    return async (step) => {
      const indices = order.slice(step * batchSize, (step + 1) * batchSize);
      const labels = labelsOf(data, indices);
      const bytes = await data.images(indices);
      if (bytes.length !== indices.length * height * width * channels) {
        throw new BatchDataError(
          `data set ${data.source.id}: expected ${indices.length} images of ${height}×${width}×${channels} bytes, got ${bytes.length} bytes`,
        );
      }
      const drawn = random && { augment: { augmentation: augment, rng: random.stream(step).state() } };
      return { indices, labels, shape, task: { bytes, shape: [indices.length, height, width, channels], ...drawn } };
    };
  }
}
