import { type Codes, requireCodes } from '../codes/codes.js';
import { wordsAt } from '../codes/hamming.js';
import { CodeShapeError, HashOptionError } from '../errors.js';
import { isTyped, lengthOf } from '../lists.js';
import { optionsOf, requireInteger } from '../options.js';
import { shown } from '../shown.js';
import type { Candidates } from './candidates.js';
import type { CodeMemoryOptions, ScanKernel } from './code-memory.js';
import type { IdList } from './id-list.js';
import type { Wanted } from './scanner.js';
import { requireNoBitsBeyond, StoredCodes } from './stored-codes.js';
import { requireK, withPlaces } from './top-k.js';
import { sumTables, tablesOfWeights } from './weighted-hamming.js';

/** Which ids a search may find: a function, or a bitmap with the bit of id i in word ⌊i / 32⌋ at position i mod 32. */
export type IdFilter = ((id: number) => boolean) | Uint32Array;

export interface RangeSearchOptions {
  /** A function is asked only for codes that are near enough. Default: all ids. */
  readonly filter?: IdFilter;
}

export interface SearchOptions extends RangeSearchOptions {
  /** Orders what is near by weighted Hamming distance as well. */
  readonly rerank?: Rerank;
}

export interface Rerank {
  /** `[queries × bits]`, 0 or above, such as |projection| of each query. */
  readonly weights: ArrayLike<number>;
  /**
   * How many of the nearest by Hamming distance are ordered by weighted distance alone, at least k. Default: Hamming distance stays first,
   * ties are ordered by weighted distance, exactly.
   */
  readonly candidates?: number;
}

/** The nearest codes of each query: query i has the places `i · k` … `(i + 1) · k − 1`, also where the index holds fewer than k codes, or none. */
export interface SearchResult {
  /** `[queries × k]`, nearest first, equally near ones by id; −1 where fewer than k were found. */
  readonly ids: Float64Array;
  /** `[queries × k]` Hamming distances; −1 where fewer than k were found, which tells such a place from an id of −1. */
  readonly distances: Int32Array;
  /** `[queries × k]` weighted distances of a search with `rerank`; −1 where fewer than k were found. */
  readonly weighted?: Float64Array;
}

/** All codes within a radius: query i has the places `offsets[i]` … `offsets[i + 1] − 1`. */
export interface RangeResult {
  readonly offsets: Uint32Array;
  /** Nearest first, equally near ones by id. */
  readonly ids: Float64Array;
  readonly distances: Int32Array;
}

/** What an index holds and what its last search did. */
export interface IndexStats {
  /** Codes that can be found. */
  readonly items: number;
  /** Removed codes that still take room, until `compact()`. */
  readonly tombstones: number;
  /** Codes, ids and tables; hash maps are estimated. */
  readonly bytes: number;
  readonly kernel: ScanKernel;
  /** Buckets that the last search looked into, over all its queries. */
  readonly buckets: number;
  /** Distances that the last search computed, over all its queries. */
  readonly distances: number;
  /** Queries of the last search that were answered by a flat scan. */
  readonly scans: number;
}

/** A checked search: what to look for, and what becomes of each query's candidates. */
export interface Plan<Result> {
  readonly wanted: Wanted;
  /** Takes the candidates of a query, queries in order. */
  take(found: Candidates, query: number): void;
  result(): Result;
}

/** Codes with ids: adding and removing them, and results in the order (distance, id) out of whatever found the candidates. */
export abstract class StoredIndex {
  protected readonly store: StoredCodes;
  protected last = { buckets: 0, distances: 0, scans: 0 };

  constructor(bits: number, options?: CodeMemoryOptions) {
    this.store = new StoredCodes(bits, options);
  }

  /** Throws where the index must not change now. */
  protected abstract requireIdle(change: 'add' | 'remove' | 'compact'): void;

  /** Bits of a code. */
  get bits(): number {
    return this.store.bits;
  }

  /**
   * Adds codes.
   *
   * @param ids safe integers that the index does not hold. Default: the numbers after the largest id that was ever given, from 0.
   * @throws CodeShapeError, HashOptionError, DuplicateIdError, IndexFullError; the index is as before
   */
  add(codes: Codes, ids?: ArrayLike<number>): void {
    this.requireIdle('add');
    this.store.add(codes, ids);
  }

  /**
   * Removes codes by their ids and says how many it found; other numbers are passed over. The room is free after {@link compact}.
   *
   * @throws HashOptionError for what is no number; the index is as before
   */
  remove(ids: Iterable<number>): number {
    this.requireIdle('remove');
    return this.store.remove(ids);
  }

  /** Gives the room of removed codes to new ones. */
  compact(): void {
    this.requireIdle('compact');
    if (this.store.tombstones > 0) this.store.compact();
  }

  /** All codes and their ids, in the order in which they were added. */
  contents(): { codes: Codes; ids: Float64Array } {
    return this.store.contents();
  }

  stats(): IndexStats {
    const { size, tombstones, memory, bytes } = this.store;
    return { items: size - tombstones, tombstones, bytes, kernel: memory.kernel, ...this.last };
  }

  protected planSearch(queries: Codes, k: number, options: SearchOptions): Plan<SearchResult> {
    const { store } = this;
    const what = `${store.memory.what}.search`;
    this.#requireQueries(what, queries);
    requireK(what, k);
    const { rerank, filter } = optionsOf(what, options);
    if (rerank !== undefined) requireRerank(`${what}: rerank`, rerank, queries, k);
    const { ids, distances, weighted } = withPlaces(what, queries.n, k, (count) => ({
      ids: new Float64Array(count).fill(-1),
      distances: new Int32Array(count).fill(-1),
      weighted: rerank && new Float64Array(count).fill(-1),
    }));
    const near = rerank?.candidates ?? k;
    const ties = !store.ids.ascending || (rerank !== undefined && rerank.candidates === undefined);
    return {
      wanted: { k: near, ties, allowed: this.#allowed(what, filter) },
      take: (found, q) => {
        found.keepNearest(near);
        sortCandidates(found, store.ids);
        const reranked = rerank && this.#rerank(found, near, rerank, wordsAt(queries, q), q);
        for (let i = 0; i < Math.min(k, found.count); i++) {
          const from = reranked?.order[i] ?? i;
          ids[q * k + i] = store.ids.at(found.positions[from]!);
          distances[q * k + i] = found.distances[from]!;
          if (reranked !== undefined) weighted![q * k + i] = reranked.weighted[from]!;
        }
      },
      result: () => (weighted === undefined ? { ids, distances } : { ids, distances, weighted }),
    };
  }

  protected planRange(queries: Codes, radius: number, options: RangeSearchOptions): Plan<RangeResult> {
    const { store } = this;
    const what = `${store.memory.what}.rangeSearch`;
    this.#requireQueries(what, queries);
    requireInteger(what, 'radius', radius, 0);
    const { filter } = optionsOf(what, options);
    const found: Candidates[] = [];
    return {
      wanted: { radius, ties: true, allowed: this.#allowed(what, filter) },
      take: (list, q) => {
        list.keepWithin(radius);
        sortCandidates(list, store.ids);
        found[q] = list;
      },
      result: () => {
        const offsets = new Uint32Array(queries.n + 1);
        found.forEach(({ count }, q) => {
          offsets[q + 1] = offsets[q]! + count;
        });
        const ids = new Float64Array(offsets[queries.n]!);
        const distances = new Int32Array(ids.length);
        found.forEach((list, q) => {
          for (let i = 0; i < list.count; i++) {
            ids[offsets[q]! + i] = store.ids.at(list.positions[i]!);
            distances[offsets[q]! + i] = list.distances[i]!;
          }
        });
        return { offsets, ids, distances };
      },
    };
  }

  #rerank(found: Candidates, near: number, { weights, candidates }: Rerank, query: Uint32Array, q: number) {
    const { ids, memory, bits } = this.store;
    const own = Array.from({ length: bits }, (_, b) => weights[q * bits + b]!);
    const tables = tablesOfWeights(`${memory.what}.search: rerank: weights`, own);
    const count = candidates === undefined ? found.count : Math.min(near, found.count);
    const weighted = Float64Array.from({ length: count }, (_, i) =>
      sumTables(tables, memory.words, memory.codeAt(found.positions[i]!) >>> 2, query),
    );
    const order = Uint32Array.from(weighted.keys()).sort(
      (a, b) =>
        (candidates === undefined ? found.distances[a]! - found.distances[b]! : 0) ||
        weighted[a]! - weighted[b]! ||
        ids.at(found.positions[a]!) - ids.at(found.positions[b]!),
    );
    return { weighted, order };
  }

  #allowed(what: string, filter: IdFilter | null | undefined): ((position: number) => boolean) | undefined {
    if (filter === undefined || filter === null) return undefined;
    const { ids } = this.store;
    if (typeof filter === 'function') return (position) => filter(ids.at(position));
    if (!isTyped(filter, Uint32Array)) {
      throw new HashOptionError(`${what}: filter: expected a function or a Uint32Array of bits, got ${shown(filter)}`);
    }
    return (position) => {
      const id = ids.at(position);
      return id >= 0 && ((filter[Math.floor(id / 32)] ?? 0) & (1 << (id % 32))) !== 0;
    };
  }

  #requireQueries(what: string, queries: Codes): void {
    requireCodes(`${what}: queries`, queries, this.bits);
    requireNoBitsBeyond(`${what}: queries`, queries);
  }
}

function requireRerank(what: string, rerank: Rerank, queries: Codes, k: number): void {
  const { weights, candidates } = optionsOf(what, rerank, '{ weights }');
  const given = lengthOf(`${what}: weights`, weights);
  if (given !== queries.n * queries.bits) {
    throw new CodeShapeError(
      `${what}: expected ${queries.bits} weights for each of ${queries.n} queries, got ${given}`,
    );
  }
  if (candidates !== undefined && !(Number.isSafeInteger(candidates) && candidates >= k)) {
    throw new HashOptionError(
      `${what}: expected at least ${k} candidates, the k of the search, got ${shown(candidates)}`,
    );
  }
}

/** Sorts by (distance, id). */
function sortCandidates(found: Candidates, ids: IdList): void {
  const { positions, distances, count } = found;
  if (ids.ascending) {
    const keys = new Float64Array(count);
    for (let i = 0; i < count; i++) keys[i] = distances[i]! * 2 ** 32 + positions[i]!;
    keys.sort();
    for (let i = 0; i < count; i++) {
      positions[i] = keys[i]! % 2 ** 32;
      distances[i] = keys[i]! / 2 ** 32;
    }
  } else {
    const order = Uint32Array.from({ length: count }, (_, i) => i).sort(
      (a, b) => distances[a]! - distances[b]! || ids.at(positions[a]!) - ids.at(positions[b]!),
    );
    found.positions = Uint32Array.from(order, (i) => positions[i]!);
    found.distances = Uint32Array.from(order, (i) => distances[i]!);
  }
}
