import { KeyNumbers } from './key-numbers.js';

/** Keys of so many bits at most get a dense table of offsets, if it is not much larger than the codes. */
const densestBits = 24;

/**
 * Buckets of items by a key made of some bits of their codes: offsets and items, built by counting, and a small map of what came after.
 *
 * The key is the exclusive or of one number a bit, so that flipping bits of a code flips the key by their numbers. Up to 32 bits the numbers
 * are 1, 2, 4 …: the key is these bits. Beyond, they are pseudo-random and two keys may fall together: a bucket then holds more than asked for.
 */
export class BucketTable {
  /** What flipping each bit does to the key. */
  readonly flips: Int32Array;
  /** Words of a code that the key is made of, and for each of their four bytes what its values do to the key. */
  readonly #words: readonly number[];
  readonly #tables: Int32Array;
  #offsets = new Uint32Array(1);
  #items = new Uint32Array(0);
  /** Which bucket a key has; undefined: the key itself. */
  #buckets: KeyNumbers | undefined = new KeyNumbers();
  #added = new Map<number, number[]>();
  #addedCount = 0;

  /** @param bits which bits of a code make the key; bit i of the key is bit `bits[i]` of the code */
  constructor(bits: readonly number[]) {
    this.flips = Int32Array.from(bits, (_, i) => (bits.length <= 32 ? 1 << i : scramble(i + 1)));
    this.#words = [...new Set(bits.map((bit) => bit >>> 5))];
    this.#tables = new Int32Array(1024 * this.#words.length);
    bits.forEach((bit, i) => {
      const first = 1024 * this.#words.indexOf(bit >>> 5) + 256 * ((bit & 31) >>> 3);
      for (let value = 0; value < 256; value++) {
        if ((value >>> (bit & 7)) & 1) this.#tables[first + value]! ^= this.flips[i]!;
      }
    });
  }

  get bytes(): number {
    const arrays = this.#offsets.byteLength + this.#items.byteLength + this.#tables.byteLength;
    return arrays + (this.#buckets?.bytes ?? 0) + 40 * (3 * this.#added.size + this.#addedCount);
  }

  /** Items that a look into a random bucket meets on average. */
  get itemsABucket(): number {
    return (this.#items.length + this.#addedCount) / 2 ** this.flips.length;
  }

  /** The key of the code whose first word is `words[at]`. */
  keyOf(words: Uint32Array, at: number): number {
    let key = 0;
    for (let i = 0, table = 0; i < this.#words.length; i++, table += 1024) {
      const word = words[at + this.#words[i]!]!;
      key ^=
        this.#tables[table + (word & 0xff)]! ^
        this.#tables[table + 256 + ((word >>> 8) & 0xff)]! ^
        this.#tables[table + 512 + ((word >>> 16) & 0xff)]! ^
        this.#tables[table + 768 + (word >>> 24)]!;
    }
    return key;
  }

  /** Forgets everything and takes items 0 … n − 1. */
  build(n: number, keyAt: (item: number) => number): void {
    const bits = this.flips.length;
    this.#buckets = bits <= densestBits && 2 ** bits <= 4 * n + 65_536 ? undefined : new KeyNumbers();
    const buckets = new Uint32Array(n);
    for (let item = 0; item < n; item++) {
      const key = keyAt(item);
      buckets[item] = this.#buckets === undefined ? key : this.#buckets.take(key);
    }
    this.#offsets = new Uint32Array((this.#buckets?.count ?? 2 ** bits) + 1);
    for (let item = 0; item < n; item++) this.#offsets[buckets[item]! + 1]!++;
    for (let b = 1; b < this.#offsets.length; b++) this.#offsets[b]! += this.#offsets[b - 1]!;
    // Filled from the back, so that each offset ends where its bucket starts.
    this.#items = new Uint32Array(n);
    const next = this.#offsets.slice(1);
    for (let item = n - 1; item >= 0; item--) this.#items[--next[buckets[item]!]!] = item;
    this.#added = new Map();
    this.#addedCount = 0;
  }

  /** Takes one more item. */
  add(item: number, key: number): void {
    const bucket = this.#added.get(key);
    if (bucket === undefined) this.#added.set(key, [item]);
    else bucket.push(item);
    this.#addedCount++;
  }

  /** Calls `use` with the parts of arrays that hold the items of a bucket. */
  forEachPart(key: number, use: (items: ArrayLike<number>, from: number, to: number) => void): void {
    const bucket = this.#buckets === undefined ? key : this.#buckets.get(key);
    if (bucket >= 0) {
      const [from, to] = [this.#offsets[bucket]!, this.#offsets[bucket + 1] ?? 0];
      if (from < to) use(this.#items, from, to);
    }
    const added = this.#addedCount > 0 ? this.#added.get(key) : undefined;
    if (added !== undefined) use(added, 0, added.length);
  }
}

/** Calls `use` with each key that differs from `key` by flips of exactly `radius` bits; C(bits, radius) of them. */
export function forEachKeyAt(flips: Int32Array, radius: number, key: number, use: (key: number) => void): void {
  const flip = (from: number, left: number, flipped: number) => {
    if (left === 0) use(flipped);
    else for (let i = from; i <= flips.length - left; i++) flip(i + 1, left - 1, flipped ^ flips[i]!);
  };
  flip(0, radius, key);
}

/** How many keys {@link forEachKeyAt} visits. */
export function keysAt(bits: number, radius: number): number {
  if (radius > bits) return 0;
  let count = 1;
  for (let i = 1; i <= radius; i++) count = (count * (bits - i + 1)) / i;
  return count;
}

/** A number of 32 bits that looks random. */
function scramble(i: number): number {
  let x = Math.imul(i, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
