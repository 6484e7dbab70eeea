import { TrainOptionError } from './errors.js';

/** Throws unless the value is an integer of at least `minimum`. */
export function requireInteger(what: string, value: number, minimum: number): void {
  if (!Number.isInteger(value) || value < minimum) {
    throw new TrainOptionError(`${what}: expected an integer of at least ${minimum}, got ${value}`);
  }
}

/** Throws unless the value is a finite number of at least 0. */
export function requireNonNegative(what: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0)) {
    throw new TrainOptionError(`${what}: expected a finite number of at least 0, got ${value}`);
  }
}

/** Throws unless the value lies in [0, 1). */
export function requireFraction(what: string, value: number): void {
  if (!(value >= 0 && value < 1)) throw new TrainOptionError(`${what}: expected a number in [0, 1), got ${value}`);
}

/** Throws unless the value is a finite number above 0. */
export function requirePositive(what: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0)) {
    throw new TrainOptionError(`${what}: expected a finite number above 0, got ${value}`);
  }
}
