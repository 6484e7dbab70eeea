import { HashOptionError } from './errors.js';

/** Throws unless the value is an integer from `least` on, or to `most`. */
export function requireInteger(what: string, name: string, value: number, least: number, most?: number): void {
  if (Number.isSafeInteger(value) && value >= least && (most === undefined || value <= most)) return;
  const range = most === undefined ? `of at least ${least}` : `in ${least} … ${most}`;
  throw new HashOptionError(`${what}: ${name}: expected an integer ${range}, got ${value}`);
}

/** Throws unless the value is a finite number of at least 0, or above 0. */
export function requireAmount(what: string, name: string, value: number, positive = false): void {
  if (Number.isFinite(value) && (positive ? value > 0 : value >= 0)) return;
  throw new HashOptionError(
    `${what}: ${name}: expected a finite number ${positive ? 'above 0' : 'of at least 0'}, got ${value}`,
  );
}
