import { HashOptionError } from '../errors.js';
import { optionsOf } from '../options.js';
import { shown } from '../shown.js';
import type { EncodeOptions, FitOptions } from './hasher.js';

/** Options of an encoding, checked; none where they are left out. @throws HashOptionError */
export function encodeOptionsOf<Options extends EncodeOptions>(what: string, options: Options | undefined): Options {
  const given = optionsOf(what, options);
  const { operations, signal } = given;
  if (operations !== undefined && typeof operations?.multiply !== 'function') {
    throw new HashOptionError(
      `${what}: operations: expected what tensorOperations() or plainOperations() gives, got ${shown(operations)}`,
    );
  }
  if (signal !== undefined && signal !== null && typeof signal.throwIfAborted !== 'function') {
    throw new HashOptionError(`${what}: signal: expected the signal of an AbortController, got ${shown(signal)}`);
  }
  return given;
}

/** Options of a fit, checked; none where they are left out. @throws HashOptionError */
export function fitOptionsOf<Options extends FitOptions>(what: string, options: Options | undefined): Options {
  const given = encodeOptionsOf(what, options);
  const { seed, progress } = given;
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    throw new HashOptionError(`${what}: seed: expected a safe integer, got ${shown(seed)}`);
  }
  if (progress !== undefined && progress !== null && typeof progress !== 'function') {
    throw new HashOptionError(`${what}: progress: expected a function, got ${shown(progress)}`);
  }
  return given;
}
