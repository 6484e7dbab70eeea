import { BucketTable } from './bucket-table.js';
import { CodeGroups } from './code-groups.js';
import type { StoredCodes } from './stored-codes.js';

/** Several bucket tables over the groups of equal codes, kept up to date, and what a query has seen in them. */
export class BucketTables {
  readonly tables: readonly BucketTable[];
  readonly groups: CodeGroups;
  /** Positions that the tables know, and how many they knew when they were built. */
  #known = 0;
  #built = 0;
  /** Which query saw a group last. */
  #stamps = new Uint32Array(0);
  #stamp = 0;

  /** @param bitSets which bits of a code make the key of each table */
  constructor(bits: number, bitSets: readonly (readonly number[])[]) {
    this.groups = new CodeGroups(bits);
    this.tables = bitSets.map((set) => new BucketTable(set));
  }

  get bytes(): number {
    return this.tables.reduce((sum, { bytes }) => sum + bytes, this.#stamps.byteLength + this.groups.bytes);
  }

  /** After positions have moved. */
  forget(): void {
    [this.#known, this.#built] = [0, 0];
  }

  /** Takes what was added since the last call, into the maps while it is little and by building anew when it is much. */
  update(store: StoredCodes): void {
    const { size } = store;
    if (size === this.#known && this.#built > 0) return;
    const { groups } = this;
    const keyIn = (table: BucketTable) => (group: number) => table.keyOf(groups.words, group * groups.perCode);
    if (this.#built === 0 || size - this.#built > Math.max(1024, this.#built / 8)) {
      groups.build(store);
      for (const table of this.tables) table.build(groups.count, keyIn(table));
      this.#built = size;
    } else {
      for (let position = this.#known; position < size; position++) {
        groups.add(store, position);
        const group = groups.count - 1;
        for (const table of this.tables) table.add(group, keyIn(table)(group));
      }
    }
    this.#known = size;
    if (this.#stamps.length < groups.count) this.#stamps = new Uint32Array(Math.ceil(groups.count * 1.125));
  }

  /** A new query, which has seen nothing. */
  begin(): void {
    if (++this.#stamp > 0xffffffff) {
      this.#stamps.fill(0);
      this.#stamp = 1;
    }
  }

  /** Whether the query sees a group for the first time. */
  isNew(group: number): boolean {
    if (this.#stamps[group] === this.#stamp) return false;
    this.#stamps[group] = this.#stamp;
    return true;
  }
}
