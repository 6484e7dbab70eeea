import { Candidates } from './candidates.js';
import { type CodeLayout, chunkCodes, states } from './code-layout.js';
import type { Scan } from './scan-in-js.js';
import { field, room } from './scan-state.js';

/** What a scan looks for. */
export interface Wanted {
  /** The k nearest; undefined: all within `radius`. */
  readonly k?: number | undefined;
  readonly radius?: number | undefined;
  /** Whether all ties with the k-th distance are wanted, whatever their position. */
  readonly ties: boolean;
  /** Which positions count. Default: all that are not removed. */
  readonly allowed?: ((position: number) => boolean) | undefined;
}

/** A memory with codes, and who scans it. */
export interface ScannedMemory extends CodeLayout {
  /** The words of the states at least; `scan` sees all. */
  readonly words: Uint32Array;
  readonly scan: Scan;
  allowed: (position: number) => number;
}

/** Bytes of codes that stay in the first cache while several queries pass over them. */
const blockBytes = 32_768;

/** Scans for up to {@link states} queries together: `start`, `pass` over any parts of the codes, `finish`. */
export class Scanner {
  #found: Candidates[] = [];
  /** The byte where its states begin. */
  readonly #states: number;
  readonly #block: number;

  /** @param place which of the scanners of this memory it is */
  constructor(
    readonly memory: ScannedMemory,
    place = 0,
  ) {
    this.#states = place * states * memory.stateBytes;
    this.#block = blockBytes / (8 * 2 ** Math.ceil(Math.log2(memory.words64)));
  }

  /** @param queries the words of one code each */
  start(queries: readonly Uint32Array[], wanted: Wanted): void {
    if (queries.length > states) throw new RangeError(`scan: at most ${states} queries, got ${queries.length}`);
    this.memory.allowed = (position) => (wanted.allowed!(position) ? 1 : 0);
    queries.forEach((query, i) => {
      this.#prepare(this.#stateOf(i), query, wanted);
    });
    this.#found = queries.map(() => new Candidates());
  }

  /** Positions `begin` … `end` − 1, block by block, so that a block is read from the cache by all queries but the first. */
  pass(begin: number, end: number, hasRemoved: boolean): void {
    const block = this.#found.length === 1 ? chunkCodes : this.#block;
    for (let from = begin; from < end; ) {
      const to = Math.min(from - (from % block) + block, end);
      for (const [i, found] of this.#found.entries()) this.#scanBlock(this.#stateOf(i), from, to, hasRemoved, found);
      from = to;
    }
  }

  /** The lists hold all that is wanted and may hold more, in the order in which the codes were passed. */
  finish(): Candidates[] {
    const found = this.#found;
    found.forEach((list, i) => {
      this.#takeOut(this.#stateOf(i), list);
    });
    this.#found = [];
    return found;
  }

  #stateOf(query: number): number {
    return this.#states + query * this.memory.stateBytes;
  }

  #prepare(state: number, query: Uint32Array, { k, radius, ties, allowed }: Wanted): void {
    const { words, words64, stateBytes, bits } = this.memory;
    const s = state >>> 2;
    words.fill(0, s, (state + stateBytes) >>> 2);
    words.set(query, s + field.query);
    const kth = k === undefined ? Math.min(radius!, bits) + 1 : bits + 1;
    const histogram = s + field.query + 2 * words64;
    words[s + field.limit] = kth;
    words[s + field.kth] = kth;
    words[s + field.k] = k === undefined ? 0xffffffff : Math.min(k, 0xffffffff);
    words[s + field.room] = room;
    words[s + field.ties] = k !== undefined && ties ? 1 : 0;
    words[s + field.filtered] = allowed === undefined ? 0 : 1;
    words[s + field.words64] = words64;
    words[s + field.histogram] = 4 * histogram;
    words[s + field.candidates] = 8 * Math.ceil((histogram + bits + 2) / 2);
  }

  #scanBlock(state: number, from: number, to: number, hasRemoved: boolean, found: Candidates): void {
    const { memory } = this;
    const stride = 8 * memory.words64;
    const dead = hasRemoved ? memory.bitmapAt(from) : 0;
    const start = memory.codeAt(from);
    const stop = start + (to - from) * stride;
    for (let at = start; ; ) {
      at = memory.scan(state, at, stop, from + (at - start) / stride, dead);
      if (at === stop) return;
      this.#takeOut(state, found);
    }
  }

  /** Moves a state's candidates to its list. */
  #takeOut(state: number, found: Candidates): void {
    const { words } = this.memory;
    const s = state >>> 2;
    const at = words[s + field.candidates]! >>> 2;
    for (let i = 0; i < words[s + field.count]!; i++) found.push(words[at + 2 * i]!, words[at + 2 * i + 1]!);
    words[s + field.count] = 0;
    if (found.count === found.positions.length) found.keepWithin(words[s + field.kth]!);
  }
}
