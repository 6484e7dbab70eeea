import { type Codes, requireCodes, wordsOf } from '../codes/codes.js';
import { requireWords, roomFor } from '../codes/hamming.js';
import { CodeShapeError, HashOptionError } from '../errors.js';
import { lengthOf } from '../lists.js';
import { shown } from '../shown.js';

/** Adds up, for the bytes of one code, `tables[256 · byte + (value ^ value of the query)]`; `at` is the first word of the code. */
export function sumTables(tables: Float64Array, words: Uint32Array, at: number, query?: Uint32Array): number {
  let sum = 0;
  for (let first = 0, w = 0; first < tables.length; w++) {
    const word = words[at + w]! ^ (query === undefined ? 0 : query[w]!);
    for (let shift = 0; shift < 32 && first < tables.length; shift += 8, first += 256) {
      sum += tables[first + ((word >>> shift) & 0xff)]!;
    }
  }
  return sum;
}

/** `tables[256 · byte + value]`: the sum of `cost(bit, 0 or 1)` over the bits of a byte. */
function tablesOf(bits: number, cost: (bit: number, value: number) => number): Float64Array {
  const tables = new Float64Array(256 * Math.ceil(bits / 8));
  for (let at = 0; at < tables.length; at++) {
    const first = 8 * (at >>> 8);
    for (let bit = first; bit < Math.min(first + 8, bits); bit++) tables[at]! += cost(bit, (at >>> (bit - first)) & 1);
  }
  return tables;
}

/**
 * Byte tables of weighted Hamming distances: entry `256 · j + v` is the sum of the weights of the bits that are 1 in the value v of byte j.
 *
 * @param weights one a bit, 0 or above
 * @throws HashOptionError
 */
export function weightedTables(weights: ArrayLike<number>): Float64Array {
  return tablesOfWeights('weightedTables: weights', weights);
}

/** As {@link weightedTables}, for the argument that messages name. */
export function tablesOfWeights(what: string, weights: ArrayLike<number>): Float64Array {
  const bits = lengthOf(what, weights);
  for (let bit = 0; bit < bits; bit++) {
    if (!(Number.isFinite(weights[bit]) && weights[bit]! >= 0)) {
      throw new HashOptionError(
        `${what}: expected finite numbers of 0 or above, got ${shown(weights[bit])} for bit ${bit}`,
      );
    }
  }
  return tablesOf(bits, (bit, value) => value * weights[bit]!);
}

/**
 * Weighted Hamming distances of one code to all codes of a set: the sum of the weights of the bits that differ.
 *
 * @param query words of one code
 * @param weights one a bit, 0 or above, such as the query's |projection|
 * @param out `[n]`, filled and returned; default a new array
 * @throws CodeShapeError, HashOptionError
 */
export function weightedHamming(
  query: Uint32Array,
  codes: Codes,
  weights: ArrayLike<number>,
  out?: Float64Array,
): Float64Array {
  requireCodes('weightedHamming', codes);
  requireOneABit('weightedHamming: weights', weights, codes);
  requireWords('weightedHamming: query', query);
  if (query.length !== wordsOf(codes.bits)) {
    throw new CodeShapeError(
      `weightedHamming: expected a query of ${wordsOf(codes.bits)} words for ${codes.bits} bits, got ${query.length}`,
    );
  }
  return sums('weightedHamming', tablesOfWeights('weightedHamming: weights', weights), codes, query, out);
}

/**
 * Squared distances of one real query to codes read as points α · (−1 or 1)^bits: the sum of (p_b − α y_b)².
 *
 * @param projection one number a bit, as {@link Hasher.project} gives them
 * @param out `[n]`, filled and returned; default a new array
 * @throws CodeShapeError, HashOptionError
 */
export function asymmetricDistances(
  projection: ArrayLike<number>,
  codes: Codes,
  alpha = 1,
  out?: Float64Array,
): Float64Array {
  requireCodes('asymmetricDistances', codes);
  requireOneABit('asymmetricDistances: projection', projection, codes);
  for (const value of [alpha, ...Array.from(projection)]) {
    if (Number.isFinite(value)) continue;
    throw new HashOptionError(
      `asymmetricDistances: expected finite numbers as projection and alpha, got ${shown(value)}`,
    );
  }
  const tables = tablesOf(codes.bits, (bit, value) => (projection[bit]! - (value === 1 ? alpha : -alpha)) ** 2);
  return sums('asymmetricDistances', tables, codes, undefined, out);
}

/** Throws unless there is a number for each bit of the codes. */
function requireOneABit(what: string, numbers: ArrayLike<number>, codes: Codes): void {
  const given = lengthOf(what, numbers);
  if (given === codes.bits) return;
  throw new CodeShapeError(`${what}: expected ${codes.bits} numbers, one a bit of the codes, got ${given}`);
}

function sums(what: string, tables: Float64Array, codes: Codes, query: Uint32Array | undefined, out?: Float64Array) {
  const distances = roomFor(what, out, codes.n, Float64Array);
  const perCode = wordsOf(codes.bits);
  for (let i = 0; i < codes.n; i++) distances[i] = sumTables(tables, codes.words, i * perCode, query);
  return distances;
}
