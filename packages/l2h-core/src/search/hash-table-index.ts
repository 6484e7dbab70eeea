import type { Codes } from '../codes/codes.js';
import { CodeShapeError, HashOptionError } from '../errors.js';
import { isList, lengthOf } from '../lists.js';
import { optionsOf, requireInteger } from '../options.js';
import { shown } from '../shown.js';
import { forEachKeyAt } from './bucket-table.js';
import { BucketTables } from './bucket-tables.js';
import { Candidates } from './candidates.js';
import { CodeIndex } from './code-index.js';
import type { ScanKernel } from './code-memory.js';
import { keysInOrder, type MultiProbeOptions } from './multi-probe.js';
import type { Wanted } from './scanner.js';
import type { RangeSearchOptions, SearchOptions, SearchResult } from './stored-index.js';

export interface HashTableIndexOptions {
  /** Bits of a code, 1 … 4096. */
  readonly bits: number;
  /** Bits of a key, 1 … 32. Default: what `tables` tables share of the bits, at most 16. */
  readonly bitsPerTable?: number;
  /** Tables over bits 0 …, one after the other. Default 1. */
  readonly tables?: number;
  /** Which bits make the key of each table, instead of `bitsPerTable` and `tables`. */
  readonly bitSets?: readonly ArrayLike<number>[];
  /** A search looks into the buckets whose keys differ from the query's in at most so many bits. Default 0. */
  readonly radius?: number;
  readonly kernel?: ScanKernel;
}

/** Query-directed probing of {@link HashTableIndex.search}, instead of its radius. */
export interface Probing extends MultiProbeOptions {
  /** `[queries × bits]`, the numbers whose signs are the bits of the queries. */
  readonly margins: ArrayLike<number>;
  /** Buckets of each table that a query looks into. */
  readonly probes: number;
}

export interface HashTableSearchOptions extends SearchOptions {
  readonly probing?: Probing;
}

export interface HashTableRangeSearchOptions extends RangeSearchOptions {
  readonly probing?: Probing;
}

/**
 * Approximate search: of the codes in the probed buckets the nearest. With L disjoint tables and radius r it finds all codes at a distance
 * below L (r + 1), and of those further away some.
 */
export class HashTableIndex extends CodeIndex {
  /** How many bits of a key may differ. */
  readonly radius: number;
  readonly #bitSets: readonly (readonly number[])[];
  readonly #tables: BucketTables;

  /** @throws HashOptionError */
  constructor(options: HashTableIndexOptions) {
    const given = optionsOf('HashTableIndex', options, '{ bits: 64 }');
    const { bits, bitsPerTable, tables = 1, bitSets, radius = 0, kernel } = given;
    super('HashTableIndex', bits, kernel);
    this.#bitSets = bitSets === undefined ? disjointSets(bits, tables, bitsPerTable) : givenSets(bits, bitSets);
    requireInteger('HashTableIndex', 'radius', radius, 0);
    this.radius = radius;
    this.#tables = new BucketTables(bits, this.#bitSets);
  }

  override search(queries: Codes, k: number, options: HashTableSearchOptions = {}): SearchResult {
    return super.search(queries, k, options);
  }

  override rangeSearch(queries: Codes, radius: number, options: HashTableRangeSearchOptions = {}) {
    return super.rangeSearch(queries, radius, options);
  }

  override compact(): void {
    super.compact();
    this.#tables.forget();
  }

  override stats() {
    const stats = super.stats();
    return { ...stats, bytes: stats.bytes + this.#tables.bytes };
  }

  protected override find(
    queries: readonly Uint32Array[],
    wanted: Wanted,
    { probing }: HashTableSearchOptions,
    first: number,
    total: number,
  ): Candidates[] {
    if (probing !== undefined) {
      const { margins } = optionsOf('HashTableIndex: probing', probing, '{ margins, probes: 8 }');
      const count = lengthOf('HashTableIndex: probing: margins', margins);
      if (count !== total * this.bits) {
        throw new CodeShapeError(
          `HashTableIndex: probing: expected ${this.bits} margins for each of ${total} queries, got ${count}`,
        );
      }
    }
    this.#tables.update(this.store);
    return queries.map((query, i) => this.#probe(query, wanted, probing, first + i));
  }

  #probe(query: Uint32Array, { allowed }: Wanted, probing: Probing | undefined, q: number): Candidates {
    const { store } = this;
    const tables = this.#tables;
    const found = new Candidates();
    tables.begin();
    const { last } = this;
    const { groups } = tables;
    const visit = (group: number, distance: number) => {
      if (tables.isNew(group)) {
        groups.forEachMember(group, (position) => {
          if (!store.isRemoved(position) && (allowed === undefined || allowed(position)))
            found.push(position, distance);
          return true;
        });
      }
      return this.bits;
    };
    const take = (items: ArrayLike<number>, from: number, to: number) => {
      last.distances += to - from;
      groups.forEachWithin(query, items, from, to, this.bits, visit);
    };
    tables.tables.forEach((table, t) => {
      const look = (key: number) => {
        last.buckets++;
        table.forEachPart(key, take);
      };
      const key = table.keyOf(query, 0);
      if (probing === undefined) {
        for (let radius = 0; radius <= Math.min(this.radius, table.flips.length); radius++) {
          forEachKeyAt(table.flips, radius, key, look);
        }
      } else {
        const margins = this.#bitSets[t]!.map((bit) => probing.margins[q * this.bits + bit]!);
        for (const probe of keysInOrder('HashTableIndex: probing', key, margins, probing.probes, probing))
          look(probe | 0);
      }
    });
    return found;
  }
}

/** A copy of the bits of each table. @throws HashOptionError, which names the first that are wrong */
function givenSets(bits: number, sets: readonly ArrayLike<number>[]): number[][] {
  const what = 'HashTableIndex: bitSets';
  if (!Array.isArray(sets)) {
    throw new HashOptionError(`${what}: expected an array of bits for each table, got ${shown(sets)}`);
  }
  if (sets.length === 0) throw new HashOptionError(`${what}: expected at least one table, got none`);
  return Array.from(sets, (set: ArrayLike<number>, t) => {
    if (!isList(set)) {
      throw new HashOptionError(`${what}: expected an array of bits for each table, got ${shown(set)} for table ${t}`);
    }
    const of = Array.from({ length: Math.min(set.length, 33) }, (_, i) => set[i]!);
    const valid = of.every((bit) => Number.isSafeInteger(bit) && bit >= 0 && bit < bits);
    if (of.length < 1 || of.length > 32 || !valid || new Set(of).size !== of.length) {
      const got = of.map(shown).join(', ');
      throw new HashOptionError(
        `${what}: expected 1 … 32 different bits of 0 … ${bits - 1} a table, got [${got}] for table ${t}`,
      );
    }
    return of;
  });
}

function disjointSets(bits: number, tables: number, given: number | undefined): number[][] {
  requireInteger('HashTableIndex', 'tables', tables, 1);
  const each = given ?? Math.min(16, Math.floor(bits / tables));
  if (!Number.isSafeInteger(each) || each < 1 || each > 32 || each * tables > bits) {
    throw new HashOptionError(
      `HashTableIndex: tables: expected tables · bitsPerTable of at most ${bits} bits, 1 … 32 a table, got ${tables} tables of ${shown(each)}; bitSets may overlap`,
    );
  }
  return Array.from({ length: tables }, (_, t) => Array.from({ length: each }, (_, i) => t * each + i));
}
