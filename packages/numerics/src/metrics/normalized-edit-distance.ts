import { editDistance, symbols } from './edit-distance.js';

/**
 * Levenshtein distance over the length of the longer one: d(a, b) / max(|a|, |b|), lengths in code points or elements.
 *
 * @param a a string or an array
 * @param b one of the same kind
 * @returns a value in [0, 1], 0 for equal ones; two empty ones are equal
 */
export function normalizedEditDistance(a: string, b: string): number;
export function normalizedEditDistance<T>(a: ArrayLike<T>, b: ArrayLike<T>): number;
export function normalizedEditDistance(a: string | ArrayLike<unknown>, b: string | ArrayLike<unknown>): number {
  const first = typeof a === 'string' ? symbols(a) : a;
  const second = typeof b === 'string' ? symbols(b) : b;
  const longest = Math.max(first.length, second.length);
  return longest === 0 ? 0 : editDistance(first as ArrayLike<unknown>, second) / longest;
}
