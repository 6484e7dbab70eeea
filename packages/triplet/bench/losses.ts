import type * as tf from '@tensorflow/tfjs';
import {
  batchHard,
  dotProduct,
  euclideanDistance,
  hardNegativeLoss,
  meanNonZero,
  selectivelyContrastiveLoss,
  semiHardNegativeLoss,
  tripletMarginLoss,
} from '../src/index.js';
import type { TrainedRole } from './arms.js';
import type { Part } from './config.js';

/** Duplicates stay: the data has none, and in a collapsed batch leaving them out would leave nothing. */
const duplicateThreshold = null;

type Loss = (embeddings: tf.Tensor2D, labels: tf.Tensor1D) => tf.Scalar;

/** The loss of an arm. */
export function lossOf(role: TrainedRole): Loss {
  const sct =
    (options: Parameters<typeof selectivelyContrastiveLoss>[2] = {}): Loss =>
    (rows, labels) =>
      selectivelyContrastiveLoss(rows, labels, { duplicateThreshold, ...options });
  const margin =
    (options: Parameters<typeof tripletMarginLoss>[2]): Loss =>
    (rows, labels) =>
      tripletMarginLoss(rows, labels, { distance: euclideanDistance(), margin: 0.2, ...options });
  switch (role) {
    case 'hn':
      return (rows, labels) => hardNegativeLoss(rows, labels, { duplicateThreshold });
    case 'hn-tau-1':
      return (rows, labels) => hardNegativeLoss(rows, labels, { duplicateThreshold, temperature: 1 });
    case 'shn':
    case 'shn-k-4':
      return (rows, labels) => semiHardNegativeLoss(rows, labels, { duplicateThreshold });
    case 'sct':
    case 'sct-k-4':
      return sct();
    case 'sct-lambda-0.1':
      return sct({ lambda: 0.1 });
    case 'sct-lambda-0.5':
      return sct({ lambda: 0.5 });
    case 'sct-lambda-2':
      return sct({ lambda: 2 });
    case 'sct-cutoff-0.8':
      return sct({ hardCutoff: 0.8 });
    case 'sct-free':
      return sct({ distance: dotProduct() });
    case 'batch-all':
      return margin({ reducer: meanNonZero() });
    case 'batch-hard':
      return margin({ miner: batchHard() });
  }
}

/** P and K of an arm's batches and how often every class comes up: batches of the same size, and as many of them, for all arms. */
export function batchesOf(role: TrainedRole, { classesPerBatch, imagesPerClass, passes }: Part) {
  if (!role.endsWith('-k-4')) return { classesPerBatch, imagesPerClass, passes };
  const fewer = Math.max(2, Math.floor((classesPerBatch * imagesPerClass) / 4));
  return {
    ...{ classesPerBatch: fewer, imagesPerClass: 4 },
    passes: Math.max(1, Math.round((passes * fewer) / classesPerBatch)),
  };
}
