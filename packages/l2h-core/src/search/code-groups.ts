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
    const members = sorted(store);
    const startsGroup = (i: number): boolean => {
      if (i === 0) return true;
      const [a, b] = [memory.codeAt(members[i - 1]!) >>> 2, memory.codeAt(members[i]!) >>> 2];
      for (let w = 0; w < perCode; w++) if (memory.words[a + w] !== memory.words[b + w]) return true;
      return false;
    };
    this.count = 0;
    for (let i = 0; i < members.length; i++) if (startsGroup(i)) this.count++;
    this.words = new Uint32Array(this.count * perCode);
    this.#starts = new Uint32Array(this.count + 1);
    this.#members = members;
    for (let i = 0, group = 0; i < members.length; i++) {
      if (!startsGroup(i)) continue;
      const at = memory.codeAt(members[i]!) >>> 2;
      for (let w = 0; w < perCode; w++) this.words[group * perCode + w] = memory.words[at + w]!;
      this.#starts[group++] = i;
    }
    this.#starts[this.count] = members.length;
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

const digits = 65_536;

/** Positions of the codes that are not removed: by bits 0 … 15 first, then 16 … 31 and so on, equal codes by position. */
function sorted(store: StoredCodes): Uint32Array<ArrayBuffer> {
  const { memory, bits } = store;
  let order: Uint32Array<ArrayBuffer> = store.livePositions();
  let other = new Uint32Array(order.length);
  const sortedBits = Math.min(bits, 64);
  for (let shift = 16 * Math.floor((sortedBits - 1) / 16); shift >= 0; shift -= 16) {
    const digitOf = (position: number) =>
      (memory.words[(memory.codeAt(position) >>> 2) + (shift >>> 5)]! >>> (shift & 31)) & 0xffff;
    const next = new Uint32Array(digits + 1);
    for (let i = 0; i < order.length; i++) next[digitOf(order[i]!) + 1]!++;
    for (let d = 1; d <= digits; d++) next[d]! += next[d - 1]!;
    for (let i = 0; i < order.length; i++) other[next[digitOf(order[i]!)]!++] = order[i]!;
    [order, other] = [other, order];
  }
  if (bits > 64) sortRuns(store, order);
  return order;
}

/** Sorts on by the bits from 64 on where those before are equal. */
function sortRuns({ memory, bits }: StoredCodes, order: Uint32Array): void {
  const { words } = memory;
  const perCode = wordsOf(bits);
  const at = (position: number) => memory.codeAt(position) >>> 2;
  const sameRun = (a: number, b: number) => words[at(a)] === words[at(b)] && words[at(a) + 1] === words[at(b) + 1];
  const compare = (a: number, b: number): number => {
    for (let w = 2; w < perCode; w++) {
      const difference = words[at(a) + w]! - words[at(b) + w]!;
      if (difference !== 0) return difference;
    }
    return a - b;
  };
  for (let from = 0, to = 0; from < order.length; from = to) {
    for (to = from + 1; to < order.length && sameRun(order[from]!, order[to]!); to++);
    if (to - from > 1) order.subarray(from, to).sort(compare);
  }
}

/** The array itself, or a longer copy. */
function withRoom(array: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  if (length <= array.length) return array;
  const longer = new Uint32Array(Math.max(length, Math.ceil(array.length * 1.125)));
  longer.set(array);
  return longer;
}
