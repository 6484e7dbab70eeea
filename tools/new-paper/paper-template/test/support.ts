// REPLACE: what several of your tests need.
import { imageSet } from '@tensor-papers/datasets';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import { createRng } from '@tensor-papers/numerics/random';
import { mlp } from '@tensor-papers/tensor-core/nn';
import { sgd } from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';
import type { TrainSmoothedOptions } from '../src/index.js';

export type Rows = number[][];

export const matrix = (rows: Rows): tf.Tensor2D => tf.tensor2d(rows, undefined, 'float32');

/** Largest absolute difference of two matrices of the same shape. */
export function distance(a: Rows, b: Rows): number {
  return Math.max(...a.flatMap((row, s) => row.map((value, k) => Math.abs(value - b[s]![k]!))));
}

/** How many tensors an action leaves behind. */
export async function leak(action: () => unknown): Promise<number> {
  const before = tf.memory().numTensors;
  await action();
  return tf.memory().numTensors - before;
}

export const weightsOf = (model: tf.LayersModel): number[][] => model.getWeights().map((w) => Array.from(w.dataSync()));

/** Small images of three classes, of which class c has a bright c-th pixel, with noise. */
export function blobs(length = 48): DataSet {
  const rng = createRng(1).stream('blobs');
  const labels = Array.from({ length }, (_, i) => i % 3);
  const pixels = Uint8Array.from({ length: length * 8 }, (_, i) => {
    const bright = i % 8 === labels[Math.floor(i / 8)];
    return (bright ? 120 : 0) + rng.integer(90);
  });
  const source = { id: 'blobs', sha256: '', licence: '', citation: '' };
  return imageSet({ pixels, labels, shape: [4, 2, 1], classNames: ['first', 'second', 'third'], source });
}

/** Options of a training of less than a second. */
export function tinyRun(options: Partial<TrainSmoothedOptions> = {}): TrainSmoothedOptions {
  return {
    makeModel: mlp({ hidden: [6] }),
    data: blobs(),
    seed: 1,
    epochs: 2,
    batchSize: 16,
    optimizer: () => sgd({ learningRate: 0.2, momentum: 0.9 }),
    ...options,
  };
}
