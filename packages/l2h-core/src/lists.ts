import { HashOptionError } from './errors.js';
import { shown } from './shown.js';

/** Whether it is an array, typed or not. */
export const isList = (value: unknown): value is ArrayLike<unknown> =>
  typeof value === 'object' && value !== null && Number.isSafeInteger((value as ArrayLike<unknown>).length);

/** The length of an array, typed or not. @throws HashOptionError for what is none */
export function lengthOf(what: string, list: ArrayLike<unknown>): number {
  if (isList(list)) return list.length;
  throw new HashOptionError(`${what}: expected an array of numbers, got ${shown(list)}`);
}

/** @throws HashOptionError unless there is one safe integer a code */
export function requireIds(what: string, ids: ArrayLike<number>, count: number): void {
  const given = lengthOf(`${what}: ids`, ids);
  if (given !== count) throw new HashOptionError(`${what}: expected ${count} ids, one a code, got ${given}`);
  for (let i = 0; i < count; i++) {
    if (!Number.isSafeInteger(ids[i]))
      throw new HashOptionError(`${what}: expected ids that are safe integers, got ${shown(ids[i])} at ${i}`);
  }
}

/** Ids in an array or whatever else gives them one by one. @throws HashOptionError where one is no number */
export function idsIn(what: string, ids: Iterable<number>): number[] {
  if (typeof ids !== 'object' || typeof ids?.[Symbol.iterator] !== 'function') {
    throw new HashOptionError(`${what}: expected ids in an array, got ${shown(ids)}`);
  }
  const list = Array.from(ids);
  const wrong = list.findIndex((id) => typeof id !== 'number');
  if (wrong < 0) return list;
  throw new HashOptionError(`${what}: expected ids that are numbers, got ${shown(list[wrong])} at ${wrong}`);
}
