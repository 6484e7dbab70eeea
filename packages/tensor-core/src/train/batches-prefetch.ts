import { type BatchLike, type BatchSource, disposeBatch, iterateBatches } from './batch.js';
import { requireInteger } from './require-option.js';

/** Options of {@link prefetch}. */
export interface PrefetchOptions {
  /** How many further batches are asked for while one is used. Default 2. */
  readonly ahead?: number;
}

/**
 * The same batches, asked for ahead of the training step, one after the other.
 *
 * Hides the time for which the source waits: for a disk, a network, another process, a graphics card. It cannot hide
 * computation in this thread; for that there is `workerBatches` in `/train/node`. Holds up to `ahead` further batches; those that
 * nobody took are disposed.
 *
 * @throws TrainOptionError for a bad `ahead`; what the source throws, at its place
 * @example
 * fit({ batches: (epoch) => prefetch(batches(train, { batchSize: 64, rng, epoch })), … });
 */
export function prefetch<Item extends BatchLike>(
  source: BatchSource<Item>,
  { ahead = 2 }: PrefetchOptions = {},
): AsyncIterable<Item> & { readonly length?: number } {
  requireInteger('prefetch: ahead', ahead, 1);

  async function* iterate(): AsyncGenerator<Item> {
    // An async generator answers in the order in which it is asked, however many questions are open.
    const iterator = iterateBatches(source);
    const asked: Promise<IteratorResult<Item>>[] = [];
    try {
      for (;;) {
        while (asked.length <= ahead) {
          const result = iterator.next();
          result.catch(() => {});
          asked.push(result);
        }
        const result = await asked.shift()!;
        if (result.done) return;
        yield result.value;
      }
    } finally {
      for (const result of await Promise.allSettled(asked)) {
        if (result.status === 'fulfilled' && !result.value.done) disposeBatch(result.value.value);
      }
      await iterator.return(undefined);
    }
  }
  return { ...(source.length === undefined ? {} : { length: source.length }), [Symbol.asyncIterator]: iterate };
}
