import { type Augmentation, augmentBatch } from '@tensor-papers/numerics/augment';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { Rng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import type { Batch } from './batch.js';
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

function toUnitRange(bytes: Uint8Array): Float32Array {
  const values = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) values[i] = bytes[i]! / 255;
  return values;
}

/**
 * One epoch of a data set as tensor batches.
 *
 * Order and augmentation follow from `rng` and `epoch` alone, whatever was drawn before. x is `[B, h, w, c]` float32 in
 * [0, 1] (bytes ÷ 255, then augmented), y `[B]` int32, `indices` says which examples they are. The consumer disposes
 * the tensors (`fit` does).
 *
 * @throws TrainOptionError for a bad size, index, or randomness without `rng`; BatchDataError, LabelRangeError while
 *   iterating, when the data set breaks its own description
 * @example
 * const rng = createRng(1).stream('batches');
 * fit({ batches: (epoch) => batches(train, { batchSize: 64, rng, epoch }), … });
 */
export function batches(data: DataSet, options: BatchesOptions): BatchStream {
  requireInputs(data, options);
  const { batchSize, rng, augment, epoch = 0, dropLast = false } = options;
  const examples = options.indices?.length ?? data.length;
  const length = dropLast ? Math.floor(examples / batchSize) : Math.ceil(examples / batchSize);
  const [height, width, channels] = data.shape;

  async function* iterate(): AsyncGenerator<Batch> {
    const order = epochOrder(data, options);
    for (let step = 0; step < length; step++) {
      const indices = order.slice(step * batchSize, (step + 1) * batchSize);
      const labels = labelsOf(data, indices);
      const bytes = await data.images(indices);
      if (bytes.length !== indices.length * height * width * channels) {
        throw new BatchDataError(
          `data set ${data.source.id}: expected ${indices.length} images of ${height}×${width}×${channels} bytes, got ${bytes.length} bytes`,
        );
      }
      const shape = [indices.length, height, width, channels] as [number, number, number, number];
      let values = toUnitRange(bytes);
      if (augment !== undefined && augment.length > 0) {
        values = augmentBatch(values, shape, augment, rng!.stream('augment').stream(epoch).stream(step));
      }
      yield { x: tf.tensor4d(values, shape), y: tf.tensor1d(labels, 'int32'), indices };
    }
  }
  return { length, [Symbol.asyncIterator]: iterate };
}
