import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { Batch } from './batch.js';
import { type BatchesOptions, BatchPlan, type BatchStream, toBatch } from './batches-plan.js';
import { prepareImages } from './batches-prepare.js';

export type { BatchesOptions, BatchStream } from './batches-plan.js';

/**
 * One epoch of a data set as tensor batches.
 *
 * Order and augmentation follow from `rng` and `epoch` alone, whatever was drawn before. x is `[B, h, w, c]` float32 in
 * [0, 1] (bytes ÷ 255, then augmented; h and w are those after the crops), y `[B]` int32, `indices` says which examples they
 * are. The consumer disposes the tensors (`fit` does).
 *
 * @throws TrainOptionError for a bad size, index, or randomness without `rng`; BatchDataError, LabelRangeError while
 *   iterating, when the data set breaks its own description
 * @example
 * const rng = createRng(1).stream('batches');
 * fit({ batches: (epoch) => batches(train, { batchSize: 64, rng, epoch }), … });
 */
export function batches(data: DataSet, options: BatchesOptions): BatchStream {
  const plan = new BatchPlan(data, options);
  async function* iterate(): AsyncGenerator<Batch> {
    const read = plan.reader();
    for (let step = 0; step < plan.length; step++) {
      const batch = await read(step);
      yield toBatch(batch, prepareImages(batch.task));
    }
  }
  return { length: plan.length, [Symbol.asyncIterator]: iterate };
}
