/** The base of all errors of the augmentation: `code` names the cause for a program, the message says what to do. */
export abstract class AugmentError extends Error {
  abstract readonly code: string;
}

/** A transform that does not exist. */
export class UnknownTransformError extends AugmentError {
  readonly code = 'augment/unknown-transform';
  override readonly name = 'UnknownTransformError';
}

/** A parameter of a transform outside its range, or one that the transform does not have. */
export class TransformParameterError extends AugmentError {
  readonly code = 'augment/bad-parameter';
  override readonly name = 'TransformParameterError';
}

/** Pixels, a mask or points that do not have the size that was given. */
export class AugmentShapeError extends AugmentError {
  readonly code = 'augment/shape-mismatch';
  override readonly name = 'AugmentShapeError';
}
