import { CodeShapeError, HashOptionError } from '../errors.js';
import { isList, isTyped, lengthOf } from '../lists.js';
import { shown } from '../shown.js';

/**
 * Binary codes, packed: code i takes the words `i · ⌈bits / 32⌉ …`; its bit b stands in word b >>> 5 at position b & 31. Bits beyond the last
 * are 0.
 */
export interface Codes {
  readonly n: number;
  readonly bits: number;
  readonly words: Uint32Array;
}

export const wordsOf = (bits: number) => Math.ceil(bits / 32);

/** Throws unless it is a whole set of packed codes; bits beyond the last have to be 0. */
export function requireCodes(what: string, codes: Codes, bits?: number): void {
  const { n, bits: got, words } = codes ?? {};
  if (!isTyped(words, Uint32Array) || !Number.isSafeInteger(n) || n < 0 || !Number.isSafeInteger(got) || got < 1) {
    throw new CodeShapeError(
      `${what}: expected binary codes as a hasher's encode gives them, { n, bits, words: Uint32Array }, got ${shown(codes)}`,
    );
  }
  if (words.length !== n * wordsOf(got)) {
    throw new CodeShapeError(
      `${what}: expected ${wordsOf(got)} words for each of ${n} codes of ${got} bits, got ${words.length} words`,
    );
  }
  if (bits !== undefined && got !== bits) {
    throw new CodeShapeError(`${what}: expected codes of ${bits} bits, got ${got}`);
  }
}

/**
 * Packs the signs of numbers: bit 1 where the number is 0 or above.
 *
 * @param values `[n × bits]`, row-major
 * @throws CodeShapeError
 * @example
 * packSigns(Float32Array.of(0.5, -1, 0), 3).words[0]; // 0b101
 */
export function packSigns(values: ArrayLike<number>, bits: number): Codes {
  if (!isList(values)) throw new CodeShapeError(`packSigns: expected an array of numbers, got ${shown(values)}`);
  if (!Number.isSafeInteger(bits) || bits < 1 || values.length % bits !== 0) {
    throw new CodeShapeError(`packSigns: expected rows of ${shown(bits)} numbers, got ${values.length} numbers`);
  }
  const n = values.length / bits;
  const perCode = wordsOf(bits);
  const words = new Uint32Array(n * perCode);
  for (let i = 0, at = 0; i < n; i++) {
    const first = i * perCode;
    for (let b = 0; b < bits; b++, at++) if (values[at]! >= 0) words[first + (b >>> 5)]! |= 1 << (b & 31);
  }
  return { n, bits, words };
}

/** The bits of codes as −1 and 1, `[n × bits]`. */
export function unpackSigns(codes: Codes): Int8Array {
  requireCodes('unpackSigns', codes);
  const { n, bits, words } = codes;
  const perCode = wordsOf(bits);
  const signs = new Int8Array(n * bits);
  for (let i = 0, at = 0; i < n; i++) {
    for (let b = 0; b < bits; b++, at++) signs[at] = (words[i * perCode + (b >>> 5)]! >>> (b & 31)) & 1 ? 1 : -1;
  }
  return signs;
}

/** Codes at some places, in that order. @throws CodeShapeError; HashOptionError for places that the codes do not have */
export function takeCodes(codes: Codes, indices: ArrayLike<number>): Codes {
  requireCodes('takeCodes', codes);
  const { n, bits, words } = codes;
  const perCode = wordsOf(bits);
  const taken = new Uint32Array(lengthOf('takeCodes: indices', indices) * perCode);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!(Number.isInteger(index) && index >= 0 && index < n)) {
      throw new HashOptionError(
        `takeCodes: indices: expected places among ${n} codes, from 0, got ${shown(index)} at ${i}`,
      );
    }
    taken.set(words.subarray(index * perCode, (index + 1) * perCode), i * perCode);
  }
  return { n: indices.length, bits, words: taken };
}

/** The bytes of codes, `[n × ⌈bits / 8⌉]`, lowest bit first: bit b in byte b >>> 3, the layout of faiss. */
export function codesToBytes(codes: Codes): Uint8Array {
  requireCodes('codesToBytes', codes);
  const { n, bits, words } = codes;
  const [perCode, bytesPerCode] = [wordsOf(bits), Math.ceil(bits / 8)];
  const bytes = new Uint8Array(n * bytesPerCode);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < bytesPerCode; j++) {
      bytes[i * bytesPerCode + j] = words[i * perCode + (j >>> 2)]! >>> (8 * (j & 3));
    }
  }
  return bytes;
}

/**
 * Codes out of bytes in the layout of {@link codesToBytes}.
 *
 * @throws CodeShapeError, also where a bit beyond the last is set
 */
export function codesFromBytes(bytes: Uint8Array, bits: number): Codes {
  if (!isTyped(bytes, Uint8Array)) {
    throw new CodeShapeError(`codesFromBytes: expected a Uint8Array, got ${shown(bytes)}`);
  }
  if (!Number.isSafeInteger(bits) || bits < 1) {
    throw new CodeShapeError(`codesFromBytes: bits: expected 1, 2, 3 … bits of a code, got ${shown(bits)}`);
  }
  const bytesPerCode = Math.ceil(bits / 8);
  if (bytes.length % bytesPerCode !== 0) {
    throw new CodeShapeError(
      `codesFromBytes: expected ${bytesPerCode} bytes a code of ${bits} bits, got ${bytes.length} bytes`,
    );
  }
  const n = bytes.length / bytesPerCode;
  const perCode = wordsOf(bits);
  const words = new Uint32Array(n * perCode);
  const beyond = bits % 8 === 0 ? 0 : (0xff << (bits % 8)) & 0xff;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < bytesPerCode; j++) {
      words[i * perCode + (j >>> 2)]! |= bytes[i * bytesPerCode + j]! << (8 * (j & 3));
    }
    if (bytes[(i + 1) * bytesPerCode - 1]! & beyond) {
      throw new CodeShapeError(`codesFromBytes: code ${i} has bits beyond its ${bits}; are these codes of more bits?`);
    }
  }
  return { n, bits, words };
}
