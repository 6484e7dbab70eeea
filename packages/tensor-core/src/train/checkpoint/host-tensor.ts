import * as tf from '@tensorflow/tfjs';
import type { HostTensor } from './checkpoint-part.js';

/** Copies a tensor's values off the engine. */
export async function readTensor(tensor: tf.Tensor): Promise<HostTensor> {
  return {
    dtype: tensor.dtype as HostTensor['dtype'],
    shape: [...tensor.shape],
    data: (await tensor.data()) as HostTensor['data'],
  };
}

/** Puts values on the engine. The caller disposes the tensor. */
export function writeTensor({ data, shape, dtype }: HostTensor): tf.Tensor {
  return tf.tensor(data, [...shape], dtype);
}

/** Whether a saved tensor is of that kind. */
export function fits(saved: HostTensor | undefined, like: { shape: readonly number[]; dtype: string }): boolean {
  return saved !== undefined && saved.dtype === like.dtype && tf.util.arraysEqual([...saved.shape], [...like.shape]);
}

/** A tensor's kind in words. */
export function describeTensor(tensor: { shape: readonly number[]; dtype: string } | undefined): string {
  return tensor === undefined ? 'none' : `${tensor.dtype} [${tensor.shape.join(', ')}]`;
}
