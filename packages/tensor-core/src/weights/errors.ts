/** The base of all errors of this module: `code` names the cause for a program, the message says what to do. */
export abstract class WeightsError extends Error {
  abstract readonly code: string;
}

/** What can be wrong with a safetensors file. */
export type SafetensorsFormatCode =
  | 'weights/truncated'
  | 'weights/trailing-bytes'
  | 'weights/header-too-long'
  | 'weights/header-not-json'
  | 'weights/header-not-object'
  | 'weights/duplicate-name'
  | 'weights/forbidden-name'
  | 'weights/bad-entry'
  | 'weights/unknown-dtype'
  | 'weights/bad-shape'
  | 'weights/bad-offsets'
  | 'weights/size-mismatch'
  | 'weights/bad-boolean';

/** A file that is not what the safetensors format demands. Nothing of it was used. */
export class SafetensorsFormatError extends WeightsError {
  override readonly name = 'SafetensorsFormatError';
  readonly code: SafetensorsFormatCode;

  constructor(code: SafetensorsFormatCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A tensor that was given for writing has a dtype, shape, name or data that do not belong together. */
export class TensorDataError extends WeightsError {
  override readonly name = 'TensorDataError';
  readonly code = 'weights/bad-tensor';
}

/** No tensor has the name that was asked for. */
export class TensorNotFoundError extends WeightsError {
  override readonly name = 'TensorNotFoundError';
  readonly code = 'weights/not-found';
}

/** Values of a dtype that has no counterpart here, or that do not fit into the one asked for. */
export class DtypeConversionError extends WeightsError {
  override readonly name = 'DtypeConversionError';
  readonly code = 'weights/dtype-conversion';
}

/** A file cannot be read or written. */
export class WeightsFileError extends WeightsError {
  override readonly name = 'WeightsFileError';
  readonly code = 'weights/file';
}
