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

/** A tensor whose shape is not that of the weight of its name. */
export interface WrongShape {
  readonly name: string;
  readonly expected: readonly number[];
  readonly actual: readonly number[];
}

/** What did not fit. */
interface NameMismatch {
  readonly missing?: readonly string[];
  readonly unexpected?: readonly string[];
  readonly wrongShape?: readonly WrongShape[];
  readonly advice?: string;
}

const listed = (what: string, names: readonly string[]): string => {
  const more = names.length > 5 ? `, … (${names.length} in all)` : '';
  return names.length === 0 ? '' : `; ${what}: ${names.slice(0, 5).join(', ')}${more}`;
};

/** Names or shapes of tensors are not those of a model's weights. */
export class WeightNamesError extends WeightsError {
  override readonly name = 'WeightNamesError';
  readonly code = 'weights/names-do-not-match';
  /** Weights of the model for which there is no tensor, under the name that was looked for. */
  readonly missing: readonly string[];
  /** Tensors for which the model has no weight. */
  readonly unexpected: readonly string[];
  readonly wrongShape: readonly WrongShape[];

  constructor(problem: string, { missing = [], unexpected = [], wrongShape = [], advice }: NameMismatch = {}) {
    const shapes = wrongShape.map(
      ({ name, expected, actual }) => `${name} [${actual.join(', ')}] instead of [${expected.join(', ')}]`,
    );
    const lists = listed('missing', missing) + listed('unexpected', unexpected) + listed('of another shape', shapes);
    super(problem + lists + (advice === undefined ? '' : `; ${advice}`));
    this.missing = missing;
    this.unexpected = unexpected;
    this.wrongShape = wrongShape;
  }
}

/** What can be wrong with a model.json or the files that it names. */
export type ModelFormatCode =
  | 'weights/truncated'
  | 'weights/trailing-bytes'
  | 'weights/too-long'
  | 'weights/model-not-json'
  | 'weights/duplicate-name'
  | 'weights/forbidden-name'
  | 'weights/bad-manifest'
  | 'weights/bad-path'
  | 'weights/unknown-dtype'
  | 'weights/bad-shape'
  | 'weights/bad-topology'
  | 'weights/no-weights';

/** A saved TensorFlow.js model that is not what its format demands, or that cannot be saved in it. */
export class ModelFormatError extends WeightsError {
  override readonly name = 'ModelFormatError';
  readonly code: ModelFormatCode;

  constructor(code: ModelFormatCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
