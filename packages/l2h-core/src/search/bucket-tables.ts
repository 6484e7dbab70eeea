import { BucketTable } from './bucket-table.js';
import type { StoredCodes } from './stored-codes.js';

/** Several bucket tables over the same codes, kept up to date, and what a query has seen in them. */
export class BucketTables {
  readonly tables: readonly BucketTable[];
  /** Positions that the tables know, and how many they knew when they were built. */
  #known = 0;
  #built = 0;
  /** Which query saw a position last. */
  #stamps = new Uint32Array(0);
  #stamp = 0;

  /** @param bitSets which bits of a code make the key of each table */
  constructor(bitSets: readonly (readonly number[])[]) {
    this.tables = bitSets.map((bits) => new BucketTable(bits));
  }

  get bytes(): number {
    return this.tables.reduce((sum, { bytes }) => sum + bytes, this.#stamps.byteLength);
  }

  /** After positions have moved. */
  forget(): void {
    [this.#known, this.#built] = [0, 0];
  }

  /** Takes what was added since the last call, into the maps while it is little and by building anew when it is much. */
  update({ size, memory }: StoredCodes): void {
    if (size === this.#known && this.#built > 0) return;
    const keyIn = (table: BucketTable) => (position: number) =>
      table.keyOf(memory.words, memory.codeAt(position) >>> 2);
    if (this.#built === 0 || size - this.#built > Math.max(1024, this.#built / 8)) {
      for (const table of this.tables) table.build(size, keyIn(table));
      this.#built = size;
    } else {
      for (const table of this.tables) {
        for (let position = this.#known; position < size; position++) table.add(position, keyIn(table)(position));
      }
    }
    this.#known = size;
    if (this.#stamps.length < size) this.#stamps = new Uint32Array(Math.ceil(size * 1.125));
  }

  /** A new query, which has seen nothing. */
  begin(): void {
    if (++this.#stamp > 0xffffffff) {
      this.#stamps.fill(0);
      this.#stamp = 1;
    }
  }

  /** Calls `use` with the positions of a bucket that this query has not seen. */
  forEachNew(table: BucketTable, key: number, use: (position: number) => void): void {
    table.forEach(key, (position) => {
      if (this.#stamps[position] === this.#stamp) return;
      this.#stamps[position] = this.#stamp;
      use(position);
    });
  }
}
