// REPLACE: how much each preset runs. Choose what is tuned on validation images before you look at test images, and write down where.
import type { ExperimentConfig } from './config.js';

/** The experiment of the committed results: at most 90 minutes on two processors, real data, the arms that the claims need. */
export const standard: ExperimentConfig = {
  trainPerClass: 500,
  testPerClass: null,
  hidden: [128],
  epochs: 30,
  batchSize: 64,
  learningRate: 1e-3,
  arms: ['one-hot', 'smoothed'],
};

/** A newcomer's first run: at most 60 seconds, shipped images. */
export const quick: ExperimentConfig = {
  ...standard,
  trainPerClass: 100,
  testPerClass: 100,
  hidden: [64],
  epochs: 15,
};

/** For tests: at most 15 seconds, every arm once. */
export const smoke: ExperimentConfig = {
  ...quick,
  trainPerClass: 20,
  testPerClass: 20,
  hidden: [16],
  epochs: 2,
  arms: ['one-hot', 'smoothed', 'smoothed-0.2', 'smoothed-0.4'],
};

/** The map: what happens beyond the paper's setting. */
export const study: ExperimentConfig = { ...standard, arms: smoke.arms };
