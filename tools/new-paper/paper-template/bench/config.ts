// REPLACE: everything that a run depends on.
import type { ArmName } from './arms.js';

/** The size of an experiment: plain JSON, written into every result. */
export interface ExperimentConfig {
  /** Training images of each class, drawn anew for every seed. */
  readonly trainPerClass: number;
  /** Test images of each class; null takes all. */
  readonly testPerClass: number | null;
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly arms: readonly ArmName[];
}
