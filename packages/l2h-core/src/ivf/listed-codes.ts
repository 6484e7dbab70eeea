import type { Candidates } from '../search/candidates.js';
import { CodeMemory, type ScanKernel } from '../search/code-memory.js';
import { Scanner, type Wanted } from '../search/scanner.js';
import type { StoredCodes } from '../search/stored-codes.js';

/** A copy of stored codes, list by list, so that a list is scanned in one piece. */
export class ListedCodes {
  /** Positions of the store that have been put in, removed ones then left out. */
  known = 0;
  /** Removed codes that the store had at that time. */
  #tombstones = 0;
  /** Where each list starts, and the end. */
  #starts: Uint32Array;
  /** The position in the store of each place. */
  #positions = new Uint32Array(0);
  readonly #memory: CodeMemory;
  readonly #scanner: Scanner;

  constructor(
    readonly store: StoredCodes,
    lists: number,
    kernel?: ScanKernel,
  ) {
    this.#starts = new Uint32Array(lists + 1);
    this.#memory = new CodeMemory(store.bits, { kernel });
    this.#scanner = new Scanner(this.#memory);
  }

  get bytes(): number {
    return this.#memory.bytes.length + this.#starts.byteLength + this.#positions.byteLength;
  }

  /** Makes room for n codes. @throws IndexFullError */
  reserve(n: number): void {
    this.#memory.reserve(n);
  }

  /** Puts in all codes that are not removed, by the lists of their positions. */
  build(listOf: Uint16Array): void {
    const { store } = this;
    const live = store.livePositions();
    const starts = new Uint32Array(this.#starts.length);
    for (const position of live) starts[listOf[position]! + 1]!++;
    for (let l = 1; l < starts.length; l++) starts[l]! += starts[l - 1]!;
    const next = starts.slice();
    const positions = new Uint32Array(live.length);
    this.#memory.reserve(live.length);
    const [from, to] = [store.memory, this.#memory];
    const words = 2 * to.words64;
    for (const position of live) {
      const place = next[listOf[position]!]!++;
      positions[place] = position;
      const [source, target] = [from.codeAt(position) >>> 2, to.codeAt(place) >>> 2];
      for (let w = 0; w < words; w++) to.words[target + w] = from.words[source + w]!;
    }
    [this.#starts, this.#positions, this.known, this.#tombstones] = [starts, positions, store.size, store.tombstones];
  }

  /** How many codes were put into a list. */
  lengthOf(list: number): number {
    return this.#starts[list + 1]! - this.#starts[list]!;
  }

  /** What is wanted of these lists, and perhaps more, in positions of the store. */
  scan(query: Uint32Array, lists: ArrayLike<number>, wanted: Wanted): Candidates {
    const { store } = this;
    const at = this.#positions;
    const { allowed } = wanted;
    const hasRemoved = store.tombstones > this.#tombstones;
    const allows = (place: number) => {
      const position = at[place]!;
      return !(hasRemoved && store.isRemoved(position)) && (allowed === undefined || allowed(position));
    };
    // All ties: of equally near codes that with the lowest position may lie in a list that comes later.
    const filter = hasRemoved || allowed !== undefined ? { allowed: allows } : {};
    this.#scanner.start([query], { k: wanted.k, radius: wanted.radius, ties: true, ...filter });
    for (let i = 0; i < lists.length; i++) {
      this.#scanner.pass(this.#starts[lists[i]!]!, this.#starts[lists[i]! + 1]!, false);
    }
    const found = this.#scanner.finish()[0]!;
    for (let i = 0; i < found.count; i++) found.positions[i] = at[found.positions[i]!]!;
    return found;
  }
}
