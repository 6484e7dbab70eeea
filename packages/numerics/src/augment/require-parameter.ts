import { TransformParameterError } from './errors.js';

/** Throws unless the value is absent or a number within the bounds. */
export function within(where: string, value: number | undefined, low: number, high: number): void {
  if (value !== undefined && !(typeof value === 'number' && value >= low && value <= high)) {
    throw new TransformParameterError(`${where}: expected a number in ${low} … ${high}, got ${value}`);
  }
}

/** Throws unless the value is an integer within the bounds. */
export function wholeWithin(where: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new TransformParameterError(`${where}: expected an integer in ${low} … ${high}, got ${value}`);
  }
}

/** Throws unless the value is absent or one of those. */
export function oneOf(where: string, value: string | undefined, allowed: readonly string[]): void {
  if (value !== undefined && !allowed.includes(value)) {
    throw new TransformParameterError(`${where}: expected ${allowed.join(' or ')}, got ${value}`);
  }
}

function requirePair(where: string, value: readonly [number, number], what: string): void {
  if (!Array.isArray(value) || value.length !== 2) {
    throw new TransformParameterError(`${where}: expected ${what}, got ${JSON.stringify(value)}`);
  }
}

/** Throws unless the value is [smallest, largest], both within the bounds. */
export function orderedPair(where: string, value: readonly [number, number], low: number, high: number): void {
  requirePair(where, value, '[smallest, largest]');
  for (const [i, bound] of [low, value[0]].entries()) {
    if (value[i] === undefined) throw new TransformParameterError(`${where}[${i}]: expected a number, got ${value[i]}`);
    within(`${where}[${i}]`, value[i], bound, high);
  }
}

/** Throws unless the value is [height, width], both from 1 to those of `largest`. */
export function sizeWithin(where: string, value: readonly [number, number], largest: readonly [number, number]): void {
  requirePair(where, value, '[height, width]');
  for (const i of [0, 1] as const) wholeWithin(`${where}[${i}]`, value[i], 1, largest[i]);
}

/** Throws unless the values are one, or one a channel, none below `low`. */
export function valuesPerChannel(
  where: string,
  values: readonly number[],
  low: number,
  channels: number | undefined,
): void {
  const count = Array.isArray(values) ? values.length : 0;
  if (count === 0 || (channels !== undefined && count !== 1 && count !== channels)) {
    throw new TransformParameterError(
      `${where}: expected 1 or ${channels ?? 'as many as channels'} values, got ${count}`,
    );
  }
  values.forEach((value, i) => {
    if (!(Number.isFinite(value) && value >= low)) {
      throw new TransformParameterError(`${where}[${i}]: expected a finite number of at least ${low}, got ${value}`);
    }
  });
}
