import type { Augmentation } from '@tensor-papers/numerics/augment';
import type { TrainedRole } from './arms.js';
import type { DataSetName } from './splits.js';

/** The network; see nets.ts. */
export type Net =
  | { readonly kind: 'small'; readonly filters: readonly number[] }
  | { readonly kind: 'resnet'; readonly depth: 18 | 50 };

/** One setting in which arms are compared. */
export interface Part {
  /** Stands before the names of its arms; empty for the main part. */
  readonly prefix: string;
  /** What it is, in a few words. */
  readonly title: string;
  readonly dataSet: DataSetName;
  /** Side of images that are drawn from a folder. */
  readonly side?: number;
  /** Classes that choose the learning rate, drawn from those for training; 0 where there is one rate. */
  readonly validationClasses: number;
  /** Test images, and validation images, at most: the first of every class. Null takes all. */
  readonly testImages: number | null;
  readonly net: Net;
  readonly dimensions: number;
  readonly augment: Augmentation;
  readonly classesPerBatch: number;
  readonly imagesPerClass: number;
  /** How often every class comes up in a twentieth of the training. */
  readonly passes: number;
  /** Each is tried by every arm; validation classes choose, seed by seed. */
  readonly learningRates: readonly [number, ...number[]];
  /** What is trained. */
  readonly trained: readonly TrainedRole[];
}

/** The size of an experiment: plain JSON, written into every result. */
export interface TripletConfig {
  readonly parts: readonly Part[];
}

/** Training is measured after every twentieth. */
export const epochs = 20;
