import { createRng } from '@tensor-papers/numerics/random';
import { type Codes, packSigns } from '../src/codes/codes.js';

/** Clears the bits beyond the last. */
function trimmed(bits: number, words: Uint32Array): Codes {
  const perCode = Math.ceil(bits / 32);
  const last = bits % 32 === 0 ? 0xffffffff : (1 << (bits % 32)) - 1;
  for (let at = perCode - 1; at < words.length; at += perCode) words[at]! &= last;
  return { n: words.length / perCode, bits, words };
}

/** Codes whose bits are fair coins. */
export function randomCodes(n: number, bits: number, seed: number): Codes {
  const rng = createRng(seed);
  return trimmed(
    bits,
    Uint32Array.from({ length: n * Math.ceil(bits / 32) }, () => rng.uniform() * 2 ** 32),
  );
}

/** Codes that differ from one of a few centres in one bit of eight, so that many are equally near. */
export function clusteredCodes(n: number, bits: number, seed: number, centres = 5): Codes {
  const rng = createRng(seed);
  const word = () => rng.uniform() * 2 ** 32;
  const perCode = Math.ceil(bits / 32);
  const middle = Uint32Array.from({ length: centres * perCode }, word);
  return trimmed(
    bits,
    Uint32Array.from({ length: n * perCode }, (_, i) => middle[i % (centres * perCode)]! ^ (word() & word() & word())),
  );
}

/** Codes out of texts of 0 and 1, bit 0 first. */
export const codesOf = (rows: readonly string[]): Codes =>
  packSigns(
    rows.flatMap((row) => Array.from(row, (bit) => (bit === '1' ? 1 : -1))),
    rows[0]!.length,
  );

/** The bits of code `i` as a text, bit 0 first. */
export const bitsOf = ({ bits, words }: Codes, i: number): string =>
  Array.from({ length: bits }, (_, b) => (words[i * Math.ceil(bits / 32) + (b >>> 5)]! >>> (b & 31)) & 1).join('');

/** The Hamming distance of two texts, bit by bit. */
export const textDistance = (a: string, b: string): number => Array.from(a).filter((bit, i) => bit !== b[i]).length;

export interface Hit {
  readonly id: number;
  readonly distance: number;
}

/** All items by (distance, id): compared as texts, sorted whole. */
export function sortedHits(items: readonly { id: number; bits: string }[], query: string): Hit[] {
  return items
    .map(({ id, bits }) => ({ id, distance: textDistance(bits, query) }))
    .sort((a, b) => a.distance - b.distance || a.id - b.id);
}

/** The k places of one query in a result. */
export const hitsOf = ({ ids, distances }: { ids: Float64Array; distances: Int32Array }, k: number, query = 0): Hit[] =>
  Array.from({ length: k }, (_, i) => ({ id: ids[query * k + i]!, distance: distances[query * k + i]! }));

/** One line of text, `id:distance …`, with "none" up to k places; compares faster than objects. */
export const line = (hits: readonly Hit[], k = hits.length): string =>
  Array.from({ length: k }, (_, i) => {
    const { id, distance } = hits[i] ?? { id: -1, distance: -1 };
    return `${id}:${distance}`;
  }).join(' ');
