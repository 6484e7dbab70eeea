import { LabelsError, NonFiniteError, OptionError, ShapeError } from './errors.js';

/** Throws unless the value is an integer of at least `minimum`. */
export function requireInteger(what: string, value: number, minimum: number): void {
  if (!Number.isInteger(value) || value < minimum) {
    throw new OptionError(`${what}: expected an integer of at least ${minimum}, got ${value}`);
  }
}

/** Throws unless the value is a finite number of at least 0. */
export function requireNonNegative(what: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0)) {
    throw new OptionError(`${what}: expected a finite number of at least 0, got ${value}`);
  }
}

/** Throws unless the value is one of the choices. */
export function requireChoice(what: string, value: unknown, choices: readonly string[]): void {
  if (choices.includes(value as string)) return;
  const listed = choices.map((choice) => `'${choice}'`).join(' or ');
  throw new OptionError(`${what}: expected ${listed}, got ${typeof value === 'string' ? `'${value}'` : String(value)}`);
}

/** Throws unless an array has that many values. */
export function requireLength(what: string, values: ArrayLike<number>, length: number, shape: string): void {
  if (values.length !== length) {
    throw new ShapeError(`${what}: expected ${length} values ${shape}, got ${values.length}`);
  }
}

/** Throws when a label lies outside 0 … classes − 1. */
export function requireLabels(what: string, labels: ArrayLike<number>, classes: number): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new LabelsError(`${what}: label ${i} is ${label}: expected a class id 0 … ${classes - 1}`);
    }
  }
}

/** Throws when a value is NaN or infinite; `rowOf` says which example a value belongs to. */
export function requireFinite(what: string, values: ArrayLike<number>, rowOf: (position: number) => number): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new NonFiniteError(
        `${what}: the net gives ${values[i]} for example ${rowOf(i)}; look for NaN in its image, then for a learning rate that is too high`,
      );
    }
  }
}
