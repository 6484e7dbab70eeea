import { HashError } from '../errors.js';

/** An id that the index holds already, or twice among the new ones. */
export class DuplicateIdError extends HashError {
  readonly code = 'l2h/duplicate-id';
  override readonly name = 'DuplicateIdError';
}

/** More codes than one memory of an index holds. */
export class IndexFullError extends HashError {
  readonly code = 'l2h/index-full';
  override readonly name = 'IndexFullError';
}
