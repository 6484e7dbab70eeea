import type { Augmentation } from '@tensor-papers/numerics/augment';
import type { Role } from './arms.js';
import type { DataSetName } from './splits.js';

export type Net =
  | { readonly kind: 'small-cnn'; readonly filters: readonly number[]; readonly head: 'flatten' | 'globalAveragePool' }
  | { readonly kind: 'wide-res-net'; readonly depth: number; readonly width: number }
  | { readonly kind: 'dense-net'; readonly depth: number; readonly growthRate: number };

export type OptimizerSettings =
  | { readonly kind: 'adam-w'; readonly learningRate: number; readonly weightDecay: number }
  | {
      readonly kind: 'sgd';
      readonly learningRate: number;
      readonly momentum: number;
      readonly nesterov: boolean;
      readonly weightDecay: number;
    };

/** How the learning rate falls: to 0 along a cosine over the whole training, or by a factor at the beginning of some epochs. */
export type ScheduleSettings =
  | { readonly kind: 'cosine' }
  | { readonly kind: 'multi-step'; readonly milestones: readonly number[]; readonly factor: number };

/** One setting in which arms are compared. */
export interface Part {
  /** Stands before the names of its arms; empty for the main part. */
  readonly prefix: string;
  /** What it is, in a few words. */
  readonly title: string;
  readonly dataSet: DataSetName;
  /** Training images of each class, drawn anew for every seed; null takes all. */
  readonly trainPerClass: number | null;
  /** Images of each class for the learning curves, drawn from the rest; they select nothing. 0: no learning curves. */
  readonly validationPerClass: number;
  /** Test images of each class; null takes all. */
  readonly testPerClass: number | null;
  readonly net: Net;
  /** Whether the net subtracts the training images' mean from each channel and divides by their deviation. */
  readonly standardize: boolean;
  /** Hidden units of the multi-layer perceptron of the cross-architecture arms. */
  readonly hidden: readonly number[];
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerSettings;
  readonly schedule: ScheduleSettings;
  readonly augment: Augmentation;
  /** What is trained; ensembles of it are evaluated too. */
  readonly trained: readonly Role[];
}

/** The size of an experiment: plain JSON, written into every result. */
export interface BanConfig {
  readonly parts: readonly Part[];
}
