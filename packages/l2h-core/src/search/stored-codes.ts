import { type Codes, requireCodes, wordsOf } from '../codes/codes.js';
import { popcount } from '../codes/hamming.js';
import { CodeShapeError, HashOptionError } from '../errors.js';
import { Candidates } from './candidates.js';
import { CodeMemory, chunkCodes, type ScanKernel, states } from './code-memory.js';
import { IdList } from './id-list.js';
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

const largestBits = 4096;
/** Bytes of codes that stay in the first cache while several queries pass over them. */
const blockBytes = 32_768;

/** Packed codes with ids and marks of those removed: what every index keeps, and the flat scan over it. */
export class StoredCodes {
  readonly memory: CodeMemory;
  readonly ids = new IdList();
  /** Positions in use, removed ones included. */
  size = 0;
  tombstones = 0;

  constructor(
    readonly bits: number,
    kernel?: ScanKernel,
  ) {
    if (!Number.isSafeInteger(bits) || bits < 1 || bits > largestBits) {
      throw new HashOptionError(`bits: expected 1 … ${largestBits}, got ${bits}`);
    }
    this.memory = new CodeMemory(bits, kernel);
  }

  add(codes: Codes, ids?: ArrayLike<number>): void {
    requireCodes('add', codes, this.bits);
    requireNoBitsBeyond('add', codes);
    const isLive = (position: number) => !this.isRemoved(position);
    this.ids.check(codes.n, ids, isLive);
    this.memory.reserve(this.size + codes.n);
    const perCode = wordsOf(this.bits);
    for (let i = 0; i < codes.n; i++) {
      const at = this.memory.codeAt(this.size + i) >>> 2;
      for (let w = 0; w < perCode; w++) this.memory.words[at + w] = codes.words[i * perCode + w]!;
    }
    this.ids.add(codes.n, ids, isLive);
    this.size += codes.n;
  }

  /** Marks codes as removed; says how many of these ids were there. */
  remove(ids: Iterable<number>): number {
    const before = this.tombstones;
    for (const id of ids) {
      const position = this.ids.positionOf(id);
      if (position === undefined || this.isRemoved(position)) continue;
      this.memory.bytes[this.memory.bitmapAt(position) + ((position % chunkCodes) >>> 3)]! |= 1 << (position & 7);
      this.ids.forget(id);
      this.tombstones++;
    }
    return this.tombstones - before;
  }

  isRemoved(position: number): boolean {
    if (this.tombstones === 0) return false;
    const { bytes } = this.memory;
    const byte = bytes[this.memory.bitmapAt(position) + ((position % chunkCodes) >>> 3)]!;
    return ((byte >>> (position & 7)) & 1) === 1;
  }

  livePositions(): Uint32Array {
    const live = new Uint32Array(this.size - this.tombstones);
    for (let position = 0, at = 0; position < this.size; position++) {
      if (!this.isRemoved(position)) live[at++] = position;
    }
    return live;
  }

  /** Moves the codes that are left together; positions change. */
  compact(): void {
    const live = this.livePositions();
    const { memory } = this;
    live.forEach((from, to) => {
      const [source, target] = [memory.codeAt(from) >>> 2, memory.codeAt(to) >>> 2];
      memory.words.copyWithin(target, source, source + 2 * memory.words64);
    });
    for (let position = 0; position < this.size; position += chunkCodes) {
      const at = memory.bitmapAt(position);
      memory.bytes.fill(0, at, at + chunkCodes / 8);
    }
    this.ids.keep(live);
    [this.size, this.tombstones] = [live.length, 0];
  }

  /** The codes that are not removed, in the order of their positions, and their ids. */
  contents(): { codes: Codes; ids: Float64Array } {
    const live = this.livePositions();
    const perCode = wordsOf(this.bits);
    const words = new Uint32Array(live.length * perCode);
    live.forEach((position, i) => {
      const at = this.memory.codeAt(position) >>> 2;
      for (let w = 0; w < perCode; w++) words[i * perCode + w] = this.memory.words[at + w]!;
    });
    return { codes: { n: live.length, bits: this.bits, words }, ids: Float64Array.from(live, (at) => this.ids.at(at)) };
  }

  /** The Hamming distance of a stored code to `query`, the words of one code. */
  distanceTo(query: Uint32Array, position: number): number {
    const { words } = this.memory;
    const at = this.memory.codeAt(position) >>> 2;
    let distance = 0;
    for (let w = 0; w < query.length; w++) distance += popcount(words[at + w]! ^ query[w]!);
    return distance;
  }

  get bytes(): number {
    return this.memory.bytes.length + this.ids.bytes;
  }

  /**
   * Scans positions `begin` … `end` − 1 for up to {@link states} queries together, block by block, so that a block is read from the cache by
   * all but the first. The lists hold all that is wanted and may hold more; they are in the order of positions.
   */
  scan(queries: readonly Uint32Array[], wanted: Wanted, begin = 0, end = this.size): Candidates[] {
    if (queries.length > states) throw new RangeError(`scan: at most ${states} queries, got ${queries.length}`);
    const { memory } = this;
    memory.allowed = (position) => (wanted.allowed!(position) ? 1 : 0);
    queries.forEach((query, i) => {
      this.#prepare(i * memory.stateBytes, query, wanted);
    });
    const found = queries.map(() => new Candidates());
    const block = queries.length === 1 ? chunkCodes : blockBytes / (8 * 2 ** Math.ceil(Math.log2(memory.words64)));
    for (let from = begin; from < end; ) {
      const to = Math.min(from - (from % block) + block, end);
      for (let i = 0; i < queries.length; i++) this.#scanBlock(i * memory.stateBytes, from, to, found[i]!);
      from = to;
    }
    queries.forEach((_, i) => {
      this.#takeOut(i * memory.stateBytes, found[i]!);
    });
    return found;
  }

  #prepare(state: number, query: Uint32Array, { k, radius, ties, allowed }: Wanted): void {
    const { words, words64, stateBytes } = this.memory;
    const s = state >>> 2;
    words.fill(0, s, (state + stateBytes) >>> 2);
    words.set(query, s + field.query);
    const kth = k === undefined ? Math.min(radius!, this.bits) + 1 : this.bits + 1;
    const histogram = s + field.query + 2 * words64;
    words[s + field.limit] = kth;
    words[s + field.kth] = kth;
    words[s + field.k] = k === undefined ? 0xffffffff : Math.min(k, 0xffffffff);
    words[s + field.room] = room;
    words[s + field.ties] = k !== undefined && ties ? 1 : 0;
    words[s + field.filtered] = allowed === undefined ? 0 : 1;
    words[s + field.words64] = words64;
    words[s + field.histogram] = 4 * histogram;
    words[s + field.candidates] = 8 * Math.ceil((histogram + this.bits + 2) / 2);
  }

  #scanBlock(state: number, from: number, to: number, found: Candidates): void {
    const { memory } = this;
    const stride = 8 * memory.words64;
    const dead = this.tombstones === 0 ? 0 : memory.bitmapAt(from);
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

export function requireNoBitsBeyond(what: string, { n, bits, words }: Codes): void {
  const perCode = wordsOf(bits);
  const beyond = bits % 32 === 0 ? 0 : -1 << (bits % 32);
  for (let i = 0; i < n; i++) {
    if (words[(i + 1) * perCode - 1]! & beyond) {
      throw new CodeShapeError(`${what}: code ${i} has bits beyond its ${bits}; are these codes of more bits?`);
    }
  }
}
