import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { Batch } from './batch.js';
import { makeAhead } from './batches-ahead.js';
import { type BatchesOptions, BatchPlan, type BatchStream, toBatch } from './batches-plan.js';
import { BatchWorkers } from './batches-workers.js';
import { requireInteger } from './require-option.js';

/** Options of {@link workerBatches}. */
export interface WorkerBatchesOptions extends BatchesOptions {
  /**
   * Threads that are kept between epochs and stay the caller's, or a number of threads that start and end with each
   * iteration. Default 1.
   */
  readonly workers?: number | BatchWorkers;
  /** How many further batches are being read, being prepared or ready while one is used. Default: 4 + 4 × threads. */
  readonly ahead?: number;
  /** Ends the iteration with the signal's reason. Not needed within `fit`, which ends it by leaving. */
  readonly signal?: AbortSignal;
}

/**
 * `batches`, with conversion and augmentation done by threads ahead of the training step: the same batches to the bit.
 *
 * `data.images` is called in order, for up to `ahead` + 1 batches at once. An error of data or thread comes with the batch that it
 * belongs to. Leaving the loop early ends the threads of the iteration. For Node; worth it where `batches` takes a
 * noticeable part of a step.
 *
 * @throws TrainOptionError for bad options; BatchDataError, LabelRangeError, BatchWorkerError while iterating
 * @example
 * fit({ batches: (epoch) => workerBatches(train, { batchSize: 64, rng, epoch, augment: [{ kind: 'flip' }] }), … });
 */
export function workerBatches(data: DataSet, options: WorkerBatchesOptions): BatchStream {
  const { workers = 1, signal } = options;
  const plan = new BatchPlan(data, options);
  const threads = workers instanceof BatchWorkers ? workers.threads : workers;
  requireInteger('workerBatches: workers', threads, 1);
  const { ahead = 4 + 4 * threads } = options;
  requireInteger('workerBatches: ahead', ahead, 1);

  async function* iterate(): AsyncGenerator<Batch> {
    const own = workers instanceof BatchWorkers ? null : new BatchWorkers({ threads });
    const pool = own ?? (workers as BatchWorkers);
    const read = plan.reader();
    const prepare = async (step: number) => {
      const batch = await read(step);
      return { batch, values: await pool.prepare(batch.task) };
    };
    try {
      for await (const { batch, values } of makeAhead(plan.length, ahead, prepare, signal)) {
        yield toBatch(batch, values);
      }
    } finally {
      await own?.close();
    }
  }
  return { length: plan.length, [Symbol.asyncIterator]: iterate };
}
