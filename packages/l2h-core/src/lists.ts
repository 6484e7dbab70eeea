import { HashOptionError } from './errors.js';
import { shown, tagOf } from './shown.js';

/** Whether it is an array, typed or not. */
export const isList = (value: unknown): value is ArrayLike<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  Number.isSafeInteger((value as ArrayLike<unknown>).length) &&
  (value as ArrayLike<unknown>).length >= 0;

/** Whether it is a typed array of that type. One of another realm (a frame, a vm, a test environment) is made by another constructor. */
export const isTyped = <Typed extends object>(value: unknown, type: new (length: number) => Typed): value is Typed =>
  value instanceof type || tagOf(value) === type.name;

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

/** Throws unless the ids of new codes are right, or, where none are given, can be counted on from `next`. */
export function requireNewIds(what: string, ids: ArrayLike<number> | undefined, count: number, next: number): void {
  if (ids !== undefined) requireIds(what, ids, count);
  else if (!Number.isSafeInteger(next + count)) {
    throw new HashOptionError(`${what}: no whole number is left beyond id ${next - 1}; give the new codes ids`);
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
