/** The base of all errors of this package: `code` names the cause for a program, the message says what to do. */
export abstract class TriNetError extends Error {
  abstract readonly code: string;
}

/** An option outside its range, or options that do not go together. */
export class OptionError extends TriNetError {
  readonly code = 'trinet/bad-option';
  override readonly name = 'OptionError';
}

/** A tensor or an array of another shape or length than expected. */
export class ShapeError extends TriNetError {
  readonly code = 'trinet/bad-shape';
  override readonly name = 'ShapeError';
}

/** A label outside 0 … C − 1, or not one label per example. */
export class LabelsError extends TriNetError {
  readonly code = 'trinet/bad-labels';
  override readonly name = 'LabelsError';
}

/** A class without a single labelled example: no head could ever learn or propose it. */
export class MissingClassError extends TriNetError {
  readonly code = 'trinet/missing-class';
  override readonly name = 'MissingClassError';
}

/** A data set without labelled examples, or of another kind than the labelled one. */
export class DataError extends TriNetError {
  readonly code = 'trinet/bad-data';
  override readonly name = 'DataError';
}

/** A trunk or head that does not fit: another width than the classes, several outputs, weights shared with another head. */
export class ModuleError extends TriNetError {
  readonly code = 'trinet/bad-module';
  override readonly name = 'ModuleError';
}

/** NaN or an infinity among outputs of the net. */
export class NonFiniteError extends TriNetError {
  readonly code = 'trinet/non-finite';
  override readonly name = 'NonFiniteError';
}

/** A checkpoint of a run with other options than those it should go on with. */
export class ConfigurationError extends TriNetError {
  readonly code = 'trinet/other-configuration';
  override readonly name = 'ConfigurationError';
}
