import { HashError } from '../errors.js';

/** Bytes that are no file of codes, or of a newer version. */
export class FileFormatError extends HashError {
  readonly code = 'l2h/file-format';
  override readonly name = 'FileFormatError';
}

/** A file of codes that was cut off or changed: lengths or checksums do not agree. */
export class FileCorruptError extends HashError {
  readonly code = 'l2h/file-corrupt';
  override readonly name = 'FileCorruptError';
}

/** The file cannot be written or read, or another writer has it. */
export class FileAccessError extends HashError {
  readonly code = 'l2h/file-access';
  override readonly name = 'FileAccessError';
}
