import { type Codes, requireCodes, wordsOf } from '../codes/codes.js';
import { CodeShapeError } from '../errors.js';
import { idsIn } from '../lists.js';
import { requireInteger } from '../options.js';
import type { Candidates } from './candidates.js';
import { chunkCodes, type states } from './code-layout.js';
import { CodeMemory, type CodeMemoryOptions } from './code-memory.js';
import { IdList } from './id-list.js';
import { Scanner, type Wanted } from './scanner.js';

const largestBits = 4096;

/** Packed codes with ids and marks of those removed: what every index keeps, and the flat scan over it. */
export class StoredCodes {
  readonly memory: CodeMemory;
  readonly ids = new IdList();
  /** Positions in use, removed ones included. */
  size = 0;
  tombstones = 0;
  readonly #scanner: Scanner;

  constructor(
    readonly bits: number,
    options: CodeMemoryOptions = {},
  ) {
    requireInteger(options.what ?? 'index', 'bits', bits, 1, largestBits);
    this.memory = new CodeMemory(bits, options);
    this.#scanner = new Scanner(this.memory);
  }

  add(codes: Codes, ids?: ArrayLike<number>): void {
    const what = `${this.memory.what}.add`;
    requireCodes(what, codes, this.bits);
    requireNoBitsBeyond(what, codes);
    const isLive = (position: number) => !this.isRemoved(position);
    this.ids.check(what, codes.n, ids, isLive);
    this.memory.reserve(this.size + codes.n);
    this.#copy(codes);
    this.ids.add(codes.n, ids, isLive);
    this.size += codes.n;
  }

  /** Writes codes behind those in use. */
  #copy({ n, words }: Codes): void {
    const { memory, size } = this;
    const perCode = wordsOf(this.bits);
    const whole = perCode === 2 * memory.words64;
    for (let i = 0; i < n; ) {
      const next = whole ? Math.min(n, i + chunkCodes - ((size + i) % chunkCodes)) : i + 1;
      const at = memory.codeAt(size + i) >>> 2;
      if (whole) memory.words.set(words.subarray(i * perCode, next * perCode), at);
      else for (let w = 0; w < perCode; w++) memory.words[at + w] = words[i * perCode + w]!;
      i = next;
    }
  }

  /** Marks codes as removed; says how many of these ids were there. */
  remove(ids: Iterable<number>): number {
    const before = this.tombstones;
    for (const id of idsIn(`${this.memory.what}.remove`, ids)) {
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

  livePositions(): Uint32Array<ArrayBuffer> {
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

  get bytes(): number {
    return this.memory.bytes.length + this.ids.bytes;
  }

  /** Scans positions `begin` … `end` − 1 for up to {@link states} queries together. @returns all that is wanted and perhaps more */
  scan(queries: readonly Uint32Array[], wanted: Wanted, begin = 0, end = this.size): Candidates[] {
    this.#scanner.start(queries, wanted);
    this.#scanner.pass(begin, end, this.tombstones > 0);
    return this.#scanner.finish();
  }
}

export function requireNoBitsBeyond(what: string, { n, bits, words }: Codes): void {
  if (bits % 32 === 0) return;
  const perCode = wordsOf(bits);
  const beyond = -1 << (bits % 32);
  for (let i = 0; i < n; i++) {
    if (words[(i + 1) * perCode - 1]! & beyond) {
      throw new CodeShapeError(`${what}: code ${i} has bits beyond its ${bits}; are these codes of more bits?`);
    }
  }
}
