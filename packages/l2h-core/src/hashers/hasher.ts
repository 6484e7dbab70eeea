import type { Matrix, MatrixOperations } from '@tensor-papers/numerics/linalg';
import type { Codes } from '../codes/codes.js';

/** Options of {@link Hasher.fit} that every method has. */
export interface FitOptions {
  /** Decides everything that is drawn: the same seed gives the same codes, bit by bit. Default 0. */
  readonly seed?: number;
  /** Class ids of the rows; supervised methods need them. */
  readonly labels?: ArrayLike<number>;
  /** Who computes the heavy products. Default plain JavaScript; `tensorOperations()` of `@tensor-papers/tensor-core/linalg` uses the engine. */
  readonly operations?: MatrixOperations;
  /** Ends the fit at the next step with the signal's reason; the hasher stays as it was. */
  readonly signal?: AbortSignal;
  /** Hears after each step how far the fit is, 0 … 1, and the value of what it minimises, where there is such. */
  readonly progress?: (fraction: number, objective?: number) => void;
}

/** Options of {@link Hasher.encode} and {@link Hasher.project}. */
export interface EncodeOptions {
  /** Who computes the heavy products. Default plain JavaScript. */
  readonly operations?: MatrixOperations;
  /** Ends the work at the next block of vectors with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What a fit says of itself. */
export interface FitReport {
  /** Vectors that it learnt from. */
  readonly rows: number;
  /** What was minimised, after each iteration; empty for methods in closed form. */
  readonly objective: readonly number[];
  /** What a reader should know, such as a bit that is the same for all vectors. */
  readonly warnings: readonly string[];
}

/** A fitted hasher as plain JSON. */
export interface HasherJson {
  readonly kind: string;
  readonly version: 1;
  readonly [field: string]: unknown;
}

/** Something that learns to turn vectors into binary codes. */
export interface Hasher {
  /** The method, as `hasherFromJson` knows it. */
  readonly kind: string;
  /** Bits of a code. */
  readonly bits: number;
  /** Dimension of the vectors; null before the fit. */
  readonly dimensions: number | null;
  /**
   * Learns from vectors `[n × d]`; what was learnt before is replaced when, and only when, the fit succeeds.
   *
   * @throws TrainingDataError, VectorShapeError, NonFiniteVectorError, HashOptionError; the signal's reason
   */
  fit(vectors: Matrix, options?: FitOptions): Promise<FitReport>;
  /** Codes of vectors `[n × d]`. @throws NotFittedError, VectorShapeError, NonFiniteVectorError */
  encode(vectors: Matrix, options?: EncodeOptions): Promise<Codes>;
  /** The numbers whose signs are the bits, `[n × bits]`, float32; 0 is bit 1. */
  project(vectors: Matrix, options?: EncodeOptions): Promise<Float32Array>;
  toJSON(): HasherJson;
}
