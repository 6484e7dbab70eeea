/** The base of all errors of this package: `code` names the cause for a program, the message says what to do. */
export abstract class DataError extends Error {
  abstract readonly code: string;
}

/** What can be wrong with a file's contents. */
export type DataFormatCode =
  | 'data/truncated'
  | 'data/wrong-magic'
  | 'data/unsupported-type'
  | 'data/too-large'
  | 'data/trailing-bytes'
  | 'data/wrong-label'
  | 'data/corrupt-gzip'
  | 'data/corrupt-png';

/** A file that is not what its format demands. Nothing of it was used. */
export class DataFormatError extends DataError {
  override readonly name = 'DataFormatError';
  readonly code: DataFormatCode;

  constructor(code: DataFormatCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A file whose bytes are not the published ones. */
export class ChecksumError extends DataError {
  readonly code = 'data/wrong-checksum';
  override readonly name = 'ChecksumError';
}

/** A label that is no class id. */
export class LabelRangeError extends DataError {
  readonly code = 'data/label-range';
  override readonly name = 'LabelRangeError';
}

/** Pixels, labels, ids or shapes that do not belong together. */
export class DataShapeError extends DataError {
  readonly code = 'data/shape-mismatch';
  override readonly name = 'DataShapeError';
}

/** An index that no image has. */
export class IndexRangeError extends DataError {
  readonly code = 'data/index-range';
  override readonly name = 'IndexRangeError';
}

/** A class has fewer examples than were asked for. */
export class TooFewExamplesError extends DataError {
  readonly code = 'data/too-few-examples';
  override readonly name = 'TooFewExamplesError';
}

/** A data set, split or variant that does not exist. */
export class UnknownDataSetError extends DataError {
  readonly code = 'data/unknown-set';
  override readonly name = 'UnknownDataSetError';
  /** The existing name that looks most like what was asked for, if one does. */
  readonly nearest: string | undefined;

  constructor(message: string, nearest: string | undefined) {
    super(message);
    this.nearest = nearest;
  }
}

/** The cache folder cannot be written. */
export class CacheError extends DataError {
  readonly code = 'data/cache-not-writable';
  override readonly name = 'CacheError';
}

/** Why one source could not deliver. */
export interface FailedSource {
  readonly source: string;
  readonly reason: string;
}

/** No source has the data set. */
export class DataUnavailableError extends DataError {
  readonly code = 'data/unavailable';
  override readonly name = 'DataUnavailableError';
  readonly failed: readonly FailedSource[];

  constructor(message: string, failed: readonly FailedSource[]) {
    super(message);
    this.failed = failed;
  }
}
