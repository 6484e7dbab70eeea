import { imageSet } from '@tensor-papers/datasets';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import { createRng, type Rng } from '@tensor-papers/numerics/random';
import { type ModelFactory, mlp, SeededDropout } from '@tensor-papers/tensor-core/nn';
import { adam } from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';
import { createTriNet } from '../src/create-tri-net.js';
import type { TriNet } from '../src/tri-net.js';
import type { TriNetOptions } from '../src/tri-net-options.js';

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

/** Images that throw when they are read. */
export const noData = (classes = 3): DataSet => dataOf(new Uint8Array(0), [], classes);

/** The same images, of which nobody says what they are. */
export const withoutLabels = (data: DataSet): DataSet => ({ ...data, labels: data.labels.map(() => -1) });

/** A trunk of one hidden layer and three small heads, with dropout. */
export const tinyModules = (dropout = 0.2) => ({
  trunk: features(16, dropout),
  heads: [mlp({ hidden: [8], dropout }), mlp({ hidden: [12], dropout }), mlp({ hidden: [8, 6], dropout })],
});

/** Hidden units without a classifier. */
export const features =
  (units: number, dropout = 0): ModelFactory =>
  ({ seed, inputShape }) =>
    tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [...inputShape] }),
        tf.layers.dense({
          ...{ units, activation: 'relu', name: 'hidden' },
          kernelInitializer: tf.initializers.heUniform({ seed }),
        }),
        new SeededDropout({ rate: dropout, seed }),
      ],
    });

/** A trunk with batch normalisation. */
export const normalisedFeatures: ModelFactory = ({ seed, inputShape }) =>
  tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [...inputShape] }),
      tf.layers.dense({ units: 6, kernelInitializer: tf.initializers.glorotUniform({ seed }), name: 'hidden' }),
      tf.layers.batchNormalization({ momentum: 0.8, name: 'norm' }),
    ],
  });

export const tinyNet = (options: Partial<Parameters<typeof createTriNet>[0]> = {}): TriNet =>
  createTriNet({ ...tinyModules(), inputShape: [4, 2, 1], classes: 3, seed: 1, ...options });

export const normals = (rng: Rng, length: number, scale = 1): number[] =>
  Array.from({ length }, () => scale * rng.normal());

/** Random rows that sum to 1. */
export function probabilityRows(rng: Rng, rows: number, classes: number): number[][] {
  return Array.from({ length: rows }, () => {
    const weights = normals(rng, classes, 2).map(Math.exp);
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / sum);
  });
}

export const weightsOf = (model: tf.LayersModel): number[][] => model.getWeights().map((w) => Array.from(w.dataSync()));

export const netWeights = (net: TriNet): number[][][] => net.layers.map(weightsOf);

/** Largest absolute difference of two nested lists of the same form. */
export function distance(a: unknown, b: unknown): number {
  if (!Array.isArray(a) || !Array.isArray(b)) return Math.abs(Number(a) - Number(b));
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((largest: number, value, i) => Math.max(largest, distance(value, b[i])), 0);
}

/** How many tensors an action leaves behind. */
export async function leak(action: () => unknown): Promise<number> {
  const before = tf.memory().numTensors;
  await action();
  return tf.memory().numTensors - before;
}

/** Options of a run of a fraction of a second: 60 images, 12 of them labelled; a labelling, a fine-tuning and a labelling round. */
export function tinyRun(options: Partial<TriNetOptions> = {}): TriNetOptions {
  return {
    ...tinyModules(),
    labeled: blobs({ length: 12, seed: 3 }),
    unlabeled: withoutLabels(blobs({ length: 48, seed: 4 })),
    seed: 1,
    batchSize: 8,
    initialisation: { epochs: 6 },
    headTraining: { steps: 3 },
    fineTuning: { steps: 3 },
    rounds: 3,
    poolBase: 12,
    sigma0: 0.5,
    sigmaOs: 0.1,
    fineTuneEvery: 2,
    desPasses: 3,
    optimizer: () => adam({ learningRate: 0.02 }),
    ...options,
  };
}
