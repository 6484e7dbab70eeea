import { CodeShapeError } from '../errors.js';
import { isTyped } from '../lists.js';
import { shown } from '../shown.js';
import { type Codes, requireCodes, wordsOf } from './codes.js';

/** How many bits of a 32-bit word are 1. */
export function popcount(word: number): number {
  let v = word | 0;
  v -= (v >>> 1) & 0x55555555;
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * The Hamming distance of two packed codes: how many of their bits differ.
 *
 * @param a words of one code
 * @param b words of another, as many
 * @throws CodeShapeError
 * @example
 * hamming(Uint32Array.of(0b1011), Uint32Array.of(0b0010)); // 2
 */
export function hamming(a: Uint32Array, b: Uint32Array): number {
  requireWords('hamming', a);
  requireWords('hamming', b);
  if (a.length !== b.length)
    throw new CodeShapeError(`hamming: expected codes of one length, got ${a.length} and ${b.length} words`);
  let distance = 0;
  for (let w = 0; w < a.length; w++) distance += popcount(a[w]! ^ b[w]!);
  return distance;
}

/** Throws unless it may be the words of one code. */
export function requireWords(what: string, code: Uint32Array): void {
  if (isTyped(code, Uint32Array)) return;
  throw new CodeShapeError(`${what}: expected the words of one code as a Uint32Array, got ${shown(code)}`);
}

/** Where distances go: into what was given, or a new array. @throws CodeShapeError */
export function roomFor<Out extends Uint16Array | Float64Array>(
  what: string,
  out: Out | undefined,
  n: number,
  type: new (length: number) => Out,
): Out {
  const room = out ?? new type(n);
  const fits = isTyped(room, type);
  if (fits && room.length >= n) return room;
  const got = fits ? room.length : shown(room);
  throw new CodeShapeError(`${what}: out: expected a ${type.name} with room for ${n} distances, got ${got}`);
}

/** The words of one code of a set, without a copy. */
export const wordsAt = ({ bits, words }: Codes, index: number): Uint32Array =>
  words.subarray(index * wordsOf(bits), (index + 1) * wordsOf(bits));

/**
 * Hamming distances of one code to all codes of a set.
 *
 * @param query words of one code
 * @param out `[n]`, filled and returned; default a new array
 * @throws CodeShapeError
 */
export function hammingAll(query: Uint32Array, codes: Codes, out?: Uint16Array): Uint16Array {
  requireCodes('hammingAll', codes);
  requireWords('hammingAll: query', query);
  const { n, bits, words } = codes;
  const perCode = wordsOf(bits);
  if (query.length !== perCode) {
    throw new CodeShapeError(`hammingAll: expected a query of ${perCode} words for ${bits} bits, got ${query.length}`);
  }
  const distances = roomFor('hammingAll', out, n, Uint16Array);
  if (perCode === 1) {
    for (let i = 0, q = query[0]!; i < n; i++) distances[i] = popcount(words[i]! ^ q);
  } else if (perCode === 2) {
    for (let i = 0, at = 0, p = query[0]!, q = query[1]!; i < n; i++, at += 2) {
      distances[i] = popcount(words[at]! ^ p) + popcount(words[at + 1]! ^ q);
    }
  } else {
    for (let i = 0, at = 0; i < n; i++) {
      let distance = 0;
      for (let w = 0; w < perCode; w++, at++) distance += popcount(words[at]! ^ query[w]!);
      distances[i] = distance;
    }
  }
  return distances;
}
