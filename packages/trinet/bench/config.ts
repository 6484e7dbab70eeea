import type { Augmentation } from '@tensor-papers/numerics/augment';
import type { PhaseLength } from '../src/index.js';
import type { TrainedRole } from './arms.js';
import type { DataSetName } from './splits.js';

/** Trunk and heads; see nets.ts. */
export type Net =
  | { readonly kind: 'small'; readonly filters: number }
  | { readonly kind: 'conv-large'; readonly width: number; readonly inputNoise: number };

export type OptimizerSettings =
  | { readonly kind: 'adam'; readonly learningRate: number }
  | {
      readonly kind: 'sgd';
      /** Of the initialisation and of fine-tuning rounds. */
      readonly learningRate: number;
      /** Of heads in labelling rounds. */
      readonly headLearningRate: number;
      readonly momentum: number;
    };

/** σ_0 and σ_os, and the standard deviation of output smearing that goes with them: noisy targets bound how sure a head can be. */
export interface Threshold {
  readonly sigma0: number;
  readonly sigmaOs: number;
  readonly std: number;
}

/** One setting in which arms are compared. */
export interface Part {
  /** Stands before the names of its arms; empty for the main part. */
  readonly prefix: string;
  /** What it is, in a few words. */
  readonly title: string;
  readonly dataSet: DataSetName;
  /** Labelled images of each class, drawn anew for every seed. */
  readonly labelsPerClass: number;
  /** Unlabelled images, drawn from the rest; null takes all of it. */
  readonly unlabeled: number | null;
  /** Images of each class on which the threshold is chosen, drawn from the rest. */
  readonly validationPerClass: number;
  /** Test images of each class; null takes all. */
  readonly testPerClass: number | null;
  readonly net: Net;
  readonly augment: Augmentation;
  readonly batchSize: number;
  readonly optimizer: OptimizerSettings;
  readonly initialisation: PhaseLength;
  readonly headTraining: PhaseLength;
  readonly fineTuning: PhaseLength;
  readonly rounds: number;
  readonly poolBase: number;
  readonly fineTuneEvery: number;
  /** Of several the one with the best validation accuracy of Tri-net is taken, seed by seed, for every arm. */
  readonly thresholds: readonly [Threshold, ...Threshold[]];
  readonly desPasses: number;
  /** What is trained. */
  readonly trained: readonly TrainedRole[];
}

/** The size of an experiment: plain JSON, written into every result. */
export interface TriNetConfig {
  readonly parts: readonly Part[];
}
