import { type BatchLike, disposeBatch } from '../batch.js';

/**
 * A step's batches: the first one, then up to `size` in all as long as there are more. Each is disposed when the next one is asked
 * for.
 */
export async function* batchGroup<Item extends BatchLike>(
  first: Item,
  iterator: AsyncIterator<Item>,
  size: number,
  seen: (batch: Item) => void,
): AsyncGenerator<Item> {
  let batch: Item | null = first;
  for (let count = 1; batch !== null; count++) {
    try {
      seen(batch);
      yield batch;
    } finally {
      disposeBatch(batch);
    }
    if (count >= size) return;
    const result: IteratorResult<Item> = await iterator.next();
    batch = result.done ? null : result.value;
  }
}
