import * as tf from '@tensorflow/tfjs';

/**
 * What `fit` needs of a batch: inputs with the examples along the first axis; everything else is the loss's business.
 *
 * Whoever consumes a batch disposes the tensors in it, those under other names included.
 */
export interface BatchLike {
  readonly x: tf.Tensor;
  readonly y?: tf.Tensor;
  /** Where the examples stand in the data they came from. */
  readonly indices?: Int32Array;
}

/** A batch of images with class labels. Whoever consumes a batch disposes its tensors. */
export interface Batch extends BatchLike {
  /** `[B, h, w, c]` float32 in [0, 1]. */
  readonly x: tf.Tensor;
  /** `[B]` int32, class ids 0 … C − 1, −1 where missing. */
  readonly y?: tf.Tensor1D;
}

/** A `tf.data.Dataset`, seen from here. */
export interface IterableDataset<Item> {
  iterator(): Promise<{ next(): Promise<IteratorResult<Item>> }>;
}

/** What a batch source may tell beside its batches. */
export interface BatchSourceExtras<Item extends BatchLike> {
  /** Number of batches. */
  readonly length?: number;
  /** The batches from number `batch` on, without making those before: how a run resumes in the middle of an epoch. */
  from?(batch: number): AsyncIterable<Item>;
}

/** Anything that yields the batches of one epoch. */
export type BatchSource<Item extends BatchLike = Batch> = (
  | AsyncIterable<Item>
  | Iterable<Item>
  | IterableDataset<Item>
) &
  BatchSourceExtras<Item>;

/** Iterates over any batch source. */
export async function* iterateBatches<Item extends BatchLike>(source: BatchSource<Item>): AsyncGenerator<Item> {
  if (Symbol.asyncIterator in source || Symbol.iterator in source) {
    yield* source;
    return;
  }
  const iterator = await source.iterator();
  for (let result = await iterator.next(); !result.done; result = await iterator.next()) yield result.value;
}

/** Iterates over the batches of a source from number `batch` on. */
export async function iterateFrom<Item extends BatchLike>(
  source: BatchSource<Item>,
  batch: number,
): Promise<AsyncIterator<Item>> {
  if (batch > 0 && source.from !== undefined) return iterateBatches(source.from(batch));
  const iterator = iterateBatches(source);
  for (let skipped = 0; skipped < batch; skipped++) {
    const next = await iterator.next();
    if (next.done) break;
    disposeBatch(next.value);
  }
  return iterator;
}

/** Frees the tensors of a batch: x, y and whatever else stands in it. */
export function disposeBatch(batch: BatchLike): void {
  for (const value of Object.values(batch)) if (value instanceof tf.Tensor) value.dispose();
}
