/** The base of all errors of linear algebra: `code` names the cause for a program, the message says what to do. */
export abstract class LinalgError extends Error {
  abstract readonly code: string;
}

/** What is given is no matrix, or its size does not fit the others'. */
export class MatrixShapeError extends LinalgError {
  readonly code = 'linalg/bad-shape';
  override readonly name = 'MatrixShapeError';
}

/** NaN or an infinity in a matrix, or a value that the engine's number format cannot hold. */
export class NonFiniteMatrixError extends LinalgError {
  readonly code = 'linalg/not-finite';
  override readonly name = 'NonFiniteMatrixError';
}

/** A matrix that has to be symmetric is not. */
export class AsymmetricMatrixError extends LinalgError {
  readonly code = 'linalg/not-symmetric';
  override readonly name = 'AsymmetricMatrixError';
}

/** An option or a count outside its range. */
export class LinalgOptionError extends LinalgError {
  readonly code = 'linalg/bad-option';
  override readonly name = 'LinalgOptionError';
}
