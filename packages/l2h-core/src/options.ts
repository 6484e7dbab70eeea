import { HashOptionError } from './errors.js';
import { shown, tagOf } from './shown.js';

/**
 * Options as they were given; none where they may be left out and are.
 *
 * @param example of options that have to be given
 * @throws HashOptionError for what is no object of options
 */
export function optionsOf<Options extends object>(
  what: string,
  options: Options | undefined,
  example?: string,
): Options {
  if (options === undefined && example === undefined) return {} as Options;
  if (options !== undefined && /^(Object|Module)$/.test(tagOf(options))) return options;
  throw new HashOptionError(
    `${what}: expected an object${example ? ` such as ${example}` : ' of options'}, got ${shown(options)}`,
  );
}

/** Throws unless the value is an integer from `least` on, or to `most`. */
export function requireInteger(what: string, name: string, value: number, least: number, most?: number): void {
  if (Number.isSafeInteger(value) && value >= least && (most === undefined || value <= most)) return;
  const range = most === undefined ? `of at least ${least}` : `in ${least} … ${most}`;
  throw new HashOptionError(`${what}: ${name}: expected an integer ${range}, got ${shown(value)}`);
}

/** Throws unless the value is a finite number of at least 0, or above 0. */
export function requireAmount(what: string, name: string, value: number, positive = false): void {
  if (Number.isFinite(value) && (positive ? value > 0 : value >= 0)) return;
  throw new HashOptionError(
    `${what}: ${name}: expected a finite number ${positive ? 'above 0' : 'of at least 0'}, got ${shown(value)}`,
  );
}

/** Throws unless the value is true or false: a text such as 'false' would count as true. */
export function requireFlag(what: string, name: string, value: boolean): void {
  if (typeof value === 'boolean') return;
  throw new HashOptionError(`${what}: ${name}: expected true or false, got ${shown(value)}`);
}
