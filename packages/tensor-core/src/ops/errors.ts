/** A tensor has a shape that an operation cannot take. */
export class OpShapeError extends Error {
  readonly code = 'ops/bad-shape';
  override readonly name = 'OpShapeError';
}

/** A tensor has another dtype than an operation takes, or is no tensor. */
export class OpDtypeError extends Error {
  readonly code = 'ops/bad-dtype';
  override readonly name = 'OpDtypeError';
}

/** An option of an operation has a value that makes no sense. */
export class OpOptionError extends Error {
  readonly code = 'ops/bad-option';
  override readonly name = 'OpOptionError';
}
