import type * as tf from '@tensorflow/tfjs';
import type { Arguments } from './operations.js';

/** One case of fixtures/conformance.json: inputs, and what float64 makes of them. */
export interface ConformanceCase {
  readonly id: string;
  /** A name of `operations`. */
  readonly op: string;
  readonly args: Arguments;
  readonly inputs: readonly { readonly shape: number[]; readonly dtype: tf.DataType; readonly values: number[] }[];
  readonly output: { readonly shape: number[]; readonly values: number[] };
  /** What flows back into the output; absent where the operation has no gradient. */
  readonly cotangent?: number[];
  readonly gradients?: readonly { readonly input: number; readonly values: number[] }[];
}

/** How one direction of a case came out. */
export interface Outcome {
  /** wrong: numbers or shape differ; missing: the engine lacks the kernel or the gradient; failed: anything else that throws. */
  readonly status: 'ok' | 'wrong' | 'missing' | 'failed';
  /** Largest |got − expected| / max(1, |expected|); absent where nothing could be compared. */
  readonly error?: number;
  readonly message?: string;
}

/** A case on an engine. */
export interface CaseResult {
  readonly id: string;
  readonly op: string;
  readonly forward: Outcome;
  /** Null where the operation has no gradient. */
  readonly gradient: Outcome | null;
}
