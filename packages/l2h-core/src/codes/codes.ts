import { CodeShapeError } from '../errors.js';

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
  if (!(words instanceof Uint32Array) || !Number.isSafeInteger(n) || n < 0 || !Number.isSafeInteger(got) || got < 1) {
    throw new CodeShapeError(`${what}: expected { n, bits, words: Uint32Array }`);
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
  if (!Number.isSafeInteger(bits) || bits < 1 || values.length % bits !== 0) {
    throw new CodeShapeError(`packSigns: expected rows of ${bits} numbers, got ${values.length} numbers`);
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

/** Codes at some places, in that order. */
export function takeCodes({ bits, words }: Codes, indices: ArrayLike<number>): Codes {
  const perCode = wordsOf(bits);
  const taken = new Uint32Array(indices.length * perCode);
  for (let i = 0; i < indices.length; i++) {
    taken.set(words.subarray(indices[i]! * perCode, (indices[i]! + 1) * perCode), i * perCode);
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
  const bytesPerCode = Math.ceil(bits / 8);
  if (!Number.isSafeInteger(bits) || bits < 1 || bytes.length % bytesPerCode !== 0) {
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
