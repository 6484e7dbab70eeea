import { wordsOf } from '../codes/codes.js';
import { popcount } from '../codes/hamming.js';
import type { StoredCodes } from './stored-codes.js';

/** Called with a group within the limit and its distance; what it returns is the limit from then on. */
export type UseGroup = (group: number, distance: number) => number;

/**
 * Equal codes together, once each and in an order in which codes with the same first bits lie together: a search that jumps from bucket to
 * bucket waits for memory, so what a bucket holds should lie close. Codes that are added later make groups of their own.
 */
export class CodeGroups {
  /** How many groups there are. */
  count = 0;
  /** The codes, whole words of 32 bits. */
  words = new Uint32Array(0);
  readonly perCode: number;
  #starts = new Uint32Array(1);
  #members = new Uint32Array(0);

  constructor(bits: number) {
    this.perCode = wordsOf(bits);
  }

  get bytes(): number {
    return this.words.byteLength + this.#starts.byteLength + this.#members.byteLength;
  }

  /** Forgets everything and takes all codes that are not removed. */
  build(store: StoredCodes): void {
    const { perCode } = this;
    const { memory } = store;
    const { positions, low, high } = sorted(store);
    const equalBeyond = (a: number, b: number): boolean => {
      for (let w = 2; w < perCode; w++) if (memory.words[a + w] !== memory.words[b + w]) return false;
      return true;
    };
    const startsGroup = (i: number): boolean =>
      i === 0 ||
      low[i] !== low[i - 1] ||
      high[i] !== high[i - 1] ||
      (perCode > 2 && !equalBeyond(memory.codeAt(positions[i - 1]!) >>> 2, memory.codeAt(positions[i]!) >>> 2));
    this.count = 0;
    for (let i = 0; i < positions.length; i++) if (startsGroup(i)) this.count++;
    this.words = new Uint32Array(this.count * perCode);
    this.#starts = new Uint32Array(this.count + 1);
    this.#members = positions;
    for (let i = 0, group = 0; i < positions.length; i++) {
      if (!startsGroup(i)) continue;
      const to = group * perCode;
      this.words[to] = low[i]!;
      if (perCode > 1) this.words[to + 1] = high[i]!;
      const from = memory.codeAt(positions[i]!) >>> 2;
      for (let w = 2; w < perCode; w++) this.words[to + w] = memory.words[from + w]!;
      this.#starts[group++] = i;
    }
    this.#starts[this.count] = positions.length;
  }

  /** Makes a group of one more code. */
  add({ memory }: StoredCodes, position: number): void {
    const { perCode } = this;
    const group = this.count++;
    const member = this.#starts[group]!;
    this.words = withRoom(this.words, this.count * perCode);
    this.#starts = withRoom(this.#starts, this.count + 1);
    this.#members = withRoom(this.#members, member + 1);
    const at = memory.codeAt(position) >>> 2;
    for (let w = 0; w < perCode; w++) this.words[group * perCode + w] = memory.words[at + w]!;
    this.#members[member] = position;
    this.#starts[this.count] = member + 1;
  }

  /** Calls `use` with the positions of a group, in ascending order, until it returns false. */
  forEachMember(group: number, use: (position: number) => boolean): void {
    const end = this.#starts[group + 1]!;
    for (let i = this.#starts[group]!; i < end; i++) if (!use(this.#members[i]!)) return;
  }

  /** Visits those of the listed groups whose distance to `query` is at most `limit`. */
  forEachWithin(
    query: Uint32Array,
    groups: ArrayLike<number>,
    from: number,
    to: number,
    limit: number,
    use: UseGroup,
  ): void {
    const { words, perCode } = this;
    if (perCode === 2) {
      const [low, high] = [query[0]!, query[1]!];
      for (let i = from; i < to; i++) {
        const at = 2 * groups[i]!;
        const distance = popcount(words[at]! ^ low) + popcount(words[at + 1]! ^ high);
        if (distance <= limit) limit = use(groups[i]!, distance);
      }
      return;
    }
    for (let i = from; i < to; i++) {
      const at = perCode * groups[i]!;
      let distance = 0;
      for (let w = 0; w < perCode; w++) distance += popcount(words[at + w]! ^ query[w]!);
      if (distance <= limit) limit = use(groups[i]!, distance);
    }
  }
}

/** Positions in some order, and the first two words of their codes. */
interface Sorted {
  positions: Uint32Array<ArrayBuffer>;
  low: Uint32Array<ArrayBuffer>;
  high: Uint32Array<ArrayBuffer>;
}

const emptySorted = (n: number): Sorted => ({
  positions: new Uint32Array(n),
  low: new Uint32Array(n),
  high: new Uint32Array(n),
});

/** The codes that are not removed: by bits 0 … 7 first, then 8 … 15 and so on, equal codes by position. */
function sorted(store: StoredCodes): Sorted {
  const { memory, bits } = store;
  const positions = store.livePositions();
  let order: Sorted = { ...emptySorted(positions.length), positions };
  for (let i = 0; i < positions.length; i++) {
    const at = memory.codeAt(positions[i]!) >>> 2;
    order.low[i] = memory.words[at]!;
    order.high[i] = memory.words[at + 1]!;
  }
  let other = emptySorted(positions.length);
  // From the last digit to the first, carrying the words along: reads in order, writes into 256 places at a time.
  for (let shift = 8 * Math.floor((Math.min(bits, 64) - 1) / 8); shift >= 0; shift -= 8) {
    sortByByte(order, other, shift < 32 ? order.low : order.high, shift & 31);
    [order, other] = [other, order];
  }
  if (bits > 64) sortRuns(store, order);
  return order;
}

/** One stable pass of counting sort. */
function sortByByte(from: Sorted, to: Sorted, keys: Uint32Array, shift: number): void {
  const next = new Uint32Array(257);
  for (let i = 0; i < keys.length; i++) next[((keys[i]! >>> shift) & 0xff) + 1]!++;
  for (let d = 1; d < 257; d++) next[d]! += next[d - 1]!;
  for (let i = 0; i < keys.length; i++) {
    const at = next[(keys[i]! >>> shift) & 0xff]!++;
    to.positions[at] = from.positions[i]!;
    to.low[at] = from.low[i]!;
    to.high[at] = from.high[i]!;
  }
}

/** Sorts on by the bits from 64 on where those before are equal. */
function sortRuns({ memory, bits }: StoredCodes, { positions, low, high }: Sorted): void {
  const { words } = memory;
  const perCode = wordsOf(bits);
  const compare = (a: number, b: number): number => {
    const [first, second] = [memory.codeAt(a) >>> 2, memory.codeAt(b) >>> 2];
    for (let w = 2; w < perCode; w++) {
      const difference = words[first + w]! - words[second + w]!;
      if (difference !== 0) return difference;
    }
    return a - b;
  };
  for (let from = 0, to = 0; from < positions.length; from = to) {
    for (to = from + 1; to < positions.length && low[from] === low[to] && high[from] === high[to]; to++);
    if (to - from > 1) positions.subarray(from, to).sort(compare);
  }
}

/** The array itself, or a longer copy. */
function withRoom(array: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  if (length <= array.length) return array;
  const longer = new Uint32Array(Math.max(length, Math.ceil(array.length * 1.125)));
  longer.set(array);
  return longer;
}
