import type { EpochLog } from '@tensor-papers/tensor-core/train';
import type { BanMode } from './mode.js';

/** Something that is likely to spoil a result, though nothing failed. */
export interface BornAgainWarning {
  /** `ban/teacher-not-converged`: the teacher's training accuracy is below `teacherAccuracyWarning`. */
  readonly code: 'ban/teacher-not-converged';
  /** What was seen, what it means, what to do. */
  readonly message: string;
  /** The generation that is about to be trained. */
  readonly generation: number;
}

/** One finished epoch of a generation. */
export interface GenerationEpoch extends EpochLog {
  /** Share of the validation data that the model gets right after the epoch, 0 … 1; absent without validation data. */
  readonly validationAccuracy?: number;
}

/** What is recorded of a finished generation: plain JSON. */
export interface GenerationReport {
  /** 0 is the teacher, 1 the first student. */
  readonly generation: number;
  /** What the model was trained on: `ce` for generation 0, `external` for a teacher that was given. */
  readonly mode: BanMode | 'external';
  /** Decides initial weights, order, augmentation and permutations; null for a teacher that was given. */
  readonly seed: number | null;
  /** Empty for a teacher that was given. */
  readonly epochs: readonly GenerationEpoch[];
  /** Share of the labelled training data that the finished model gets right, 0 … 1; null without labels. */
  readonly trainAccuracy: number | null;
  /** Mean over the training data of m_s, the largest probability. */
  readonly meanConfidence: number;
  /** Mean over the training data of KL(teacher ‖ model) in nats, 0 is perfect imitation; null for generation 0. */
  readonly teacherDivergence: number | null;
  readonly warnings: readonly BornAgainWarning[];
}
