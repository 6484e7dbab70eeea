import type { DataSet } from '@tensor-papers/numerics/data-set';
import * as tf from '@tensorflow/tfjs';
import { disposeBatch } from './batch.js';
import { batches } from './batches.js';
import { ModelOutputError } from './errors.js';
import { EventLoopBreather } from './event-loop.js';
import { applyModel, type Trainable } from './trainable.js';

/** Anything that gives logits for images: a model (used in inference mode) or a function. */
export type Predictor = Pick<Trainable, 'apply'> | ((x: tf.Tensor4D) => tf.Tensor);

/** Options of {@link predictLogits}. */
export interface PredictOptions {
  /** Default 256. */
  readonly batchSize?: number;
  /** The examples to use. Default: all. */
  readonly indices?: ArrayLike<number>;
}

/**
 * Logits of a data set's images, row after row: `[n × classes]`, in the order of `indices` or of the data set.
 *
 * Inference mode: no dropout, moving statistics in batch normalisation. Empty for no images.
 *
 * @throws ModelOutputError when the model does not return `[B, classes]`
 */
export async function predictLogits(
  model: Predictor,
  data: DataSet,
  { batchSize = 256, indices }: PredictOptions = {},
): Promise<Float32Array> {
  const stream = batches(data, { batchSize, ...(indices === undefined ? {} : { indices }) });
  const examples = indices?.length ?? data.length;
  const predictor = typeof model === 'function' ? { apply: model as (x: tf.Tensor) => tf.Tensor } : model;
  const breather = new EventLoopBreather();
  let logits = new Float32Array(0);
  let offset = 0;
  for await (const batch of stream) {
    let output: tf.Tensor | null = null;
    try {
      output = tf.tidy(() => applyModel(predictor, batch.x, false));
      if (output.rank !== 2) {
        throw new ModelOutputError(`expected logits [${batch.x.shape[0]}, classes], got [${output.shape.join(', ')}]`);
      }
      if (offset === 0) logits = new Float32Array(examples * output.shape[1]!);
      const values = await output.data();
      logits.set(values, offset);
      offset += values.length;
      await breather.breathe();
    } finally {
      disposeBatch(batch);
      output?.dispose();
    }
  }
  return logits;
}
