/** An option of the engine's matrix operations has a value that makes no sense. */
export class TensorOperationsOptionError extends Error {
  readonly code = 'linalg/bad-engine-option';
  override readonly name = 'TensorOperationsOptionError';
}
