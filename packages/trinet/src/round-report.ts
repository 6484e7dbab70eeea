import type { HeadNumber } from './heads.js';

/** Something that is likely to spoil a result, though nothing failed. */
export interface TriNetWarning {
  /**
   * - `trinet/no-unlabeled`: there is no unlabelled example, so every phase trains on labels alone
   * - `trinet/no-pseudo-labels`: a head got no pseudo-label in a round and is trained on labels alone
   */
  readonly code: 'trinet/no-unlabeled' | 'trinet/no-pseudo-labels';
  /** What was seen, what it means, what to do. */
  readonly message: string;
  /** 0 before the first round. */
  readonly round: number;
  readonly head: HeadNumber | null;
}

/** Shares of pseudo-labels that are wrong, 0 … 1; null where none of them has a known truth. For analysis only. */
export interface PseudoLabelErrors {
  /** Of all that were accepted, before editing. */
  readonly accepted: number | null;
  readonly kept: number | null;
  readonly removed: number | null;
}

/** What happened to one head in a labelling round. */
export interface HeadReport {
  readonly head: HeadNumber;
  /** How many pseudo-labels the other two heads gave. */
  readonly accepted: number;
  /** How many of them editing deleted. */
  readonly edited: number;
  /** How many the head was trained on: accepted − edited, unless `revise` changed them. */
  readonly kept: number;
  /** Of those it was trained on, how many name each class. */
  readonly perClass: readonly number[];
  /** Mean confidence of the accepted ones; null without any. */
  readonly confidence: number | null;
  /** Null without `trueLabels`. */
  readonly errors: PseudoLabelErrors | null;
  /** Mean loss of each epoch. */
  readonly losses: readonly number[];
}

/** What is recorded of a finished round: plain JSON without times, so that two equal runs have equal records. */
export interface RoundReport {
  /** 0 is the initialisation. */
  readonly round: number;
  readonly kind: 'initialise' | 'label' | 'finetune';
  /** N_t. */
  readonly pool: number;
  /** σ_t of a labelling round, else null. */
  readonly threshold: number | null;
  /** Of a labelling round, in the order of training; else empty. */
  readonly heads: readonly HeadReport[];
  /** Mean loss of each epoch of joint training; empty in a labelling round, and where `fineTune` is off. */
  readonly losses: readonly number[];
  /** Mean share of the unlabelled examples on which two heads differ after the round; null without any. */
  readonly disagreement: number | null;
  /** The same for the pairs (1, 2), (1, 3), (2, 3). */
  readonly pairDisagreement: readonly number[] | null;
  /** Mean over the unlabelled examples of the largest mean probability of the heads after the round; null without any. */
  readonly confidence: number | null;
  /** Share of the unlabelled examples that the sum rule gets wrong after the round; null without `trueLabels`. For analysis only. */
  readonly unlabeledError: number | null;
  /** Shares of the validation data that are right after the round; null without such data. They select nothing. */
  readonly validationAccuracy: { readonly sumRule: number; readonly heads: readonly number[] } | null;
  readonly warnings: readonly TriNetWarning[];
}
