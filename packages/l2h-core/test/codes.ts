import { createRng } from '@tensor-papers/numerics/random';
import { type Codes, packSigns } from '../src/codes/codes.js';

/** Codes whose bits are fair coins. */
export function randomCodes(n: number, bits: number, seed: number): Codes {
  const rng = createRng(seed);
  return packSigns(
    Float32Array.from({ length: n * bits }, () => (rng.uniform() < 0.5 ? -1 : 1)),
    bits,
  );
}

/** Codes that differ from one of a few centres in one bit of ten, so that many are equally near. */
export function clusteredCodes(n: number, bits: number, seed: number, centres = 5): Codes {
  const rng = createRng(seed);
  const middle = Array.from({ length: centres * bits }, () => (rng.uniform() < 0.5 ? -1 : 1));
  const signs = Float32Array.from({ length: n * bits }, (_, i) => {
    const centre = Math.floor(i / bits) % centres;
    return middle[centre * bits + (i % bits)]! * (rng.uniform() < 0.1 ? -1 : 1);
  });
  return packSigns(signs, bits);
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
  Array.from(ids.subarray(query * k, (query + 1) * k), (id, i) => ({ id, distance: distances[query * k + i]! }));

/** Hits filled up with places that say "none". */
export const padded = (hits: readonly Hit[], k: number): Hit[] =>
  Array.from({ length: k }, (_, i) => hits[i] ?? { id: -1, distance: -1 });
