/** The base of all errors of this package: `code` names the cause for a program, the message says what to do. */
export abstract class HashError extends Error {
  abstract readonly code: string;
}

/** Codes of another length, another number of bits than those they meet, or no codes at all. */
export class CodeShapeError extends HashError {
  readonly code = 'l2h/code-shape';
  override readonly name = 'CodeShapeError';
}

/** Vectors of another dimension than expected, or no vectors. */
export class VectorShapeError extends HashError {
  readonly code = 'l2h/vector-shape';
  override readonly name = 'VectorShapeError';
}

/** An option or an argument outside its range. */
export class HashOptionError extends HashError {
  readonly code = 'l2h/bad-option';
  override readonly name = 'HashOptionError';
}

/** NaN or an infinity among the vectors. */
export class NonFiniteVectorError extends HashError {
  readonly code = 'l2h/not-finite';
  override readonly name = 'NonFiniteVectorError';
}

/** Data that this method cannot learn from: all vectors equal, too few of them, labels missing. */
export class TrainingDataError extends HashError {
  readonly code = 'l2h/training-data';
  override readonly name = 'TrainingDataError';
}

/** Used before it was fitted. */
export class NotFittedError extends HashError {
  readonly code = 'l2h/not-fitted';
  override readonly name = 'NotFittedError';
}
