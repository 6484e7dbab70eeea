import { imageSet } from '@tensor-papers/datasets';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import { createRng, type Rng } from '@tensor-papers/numerics/random';
import { mlp } from '@tensor-papers/tensor-core/nn';
import { sgd } from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';
import type { BornAgainOptions } from '../src/born-again-options.js';

export type Rows = number[][];

/** Small images of which class c has a bright c-th pixel, with noise. */
export function blobs({ length = 48, classes = 3, seed = 1, noise = 90 } = {}): DataSet {
  const rng = createRng(seed).stream('blobs');
  const labels = Array.from({ length }, (_, i) => i % classes);
  const pixels = Uint8Array.from({ length: length * 8 }, (_, i) => {
    const bright = i % 8 === labels[Math.floor(i / 8)];
    return (bright ? 120 : 0) + rng.integer(noise);
  });
  return dataOf(pixels, labels, classes);
}

export function dataOf(pixels: Uint8Array, labels: number[], classes: number): DataSet {
  return imageSet({
    pixels,
    labels,
    shape: [4, 2, 1],
    classNames: Array.from({ length: classes }, (_, i) => `class ${i}`),
    source: { id: 'blobs', sha256: '', licence: '', citation: '' },
  });
}

/** Options of a run of a second or less. */
export function tinyRun(options: Partial<BornAgainOptions> = {}): BornAgainOptions {
  return {
    makeModel: mlp({ hidden: [6] }),
    data: blobs(),
    generations: 1,
    seed: 1,
    epochs: 2,
    batchSize: 16,
    optimizer: () => sgd({ learningRate: 0.2, momentum: 0.9 }),
    teacherAccuracyWarning: 0,
    ...options,
  };
}

export const normals = (rng: Rng, rows: number, columns: number, scale = 2): Rows =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => scale * rng.normal()));

/** Softmax of each row in float64. */
export const softmax = (rows: Rows): Rows =>
  rows.map((row) => {
    const shift = Math.max(...row);
    const weights = row.map((value) => Math.exp(value - shift));
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / sum);
  });

export const matrix = (rows: Rows): tf.Tensor2D => tf.tensor2d(rows, undefined, 'float32');

/** Largest absolute difference of two nested lists of the same form. */
export function distance(a: unknown, b: unknown): number {
  if (!Array.isArray(a) || !Array.isArray(b)) return Math.abs(Number(a) - Number(b));
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((largest: number, value, i) => Math.max(largest, distance(value, b[i])), 0);
}

export const weightsOf = (model: tf.LayersModel): number[][] => model.getWeights().map((w) => Array.from(w.dataSync()));

/** How many tensors an action leaves behind. */
export async function leak(action: () => unknown): Promise<number> {
  const before = tf.memory().numTensors;
  await action();
  return tf.memory().numTensors - before;
}
