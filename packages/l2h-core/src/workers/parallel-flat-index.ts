import type { Codes } from '../codes/codes.js';
import { wordsAt } from '../codes/hamming.js';
import { HashOptionError } from '../errors.js';
import { optionsOf, requireInteger } from '../options.js';
import { Candidates } from '../search/candidates.js';
import { states } from '../search/code-layout.js';
import type { ScanKernel } from '../search/code-memory.js';
import type { Wanted } from '../search/scanner.js';
import {
  type IndexStats,
  type Plan,
  type RangeResult,
  type RangeSearchOptions,
  type SearchOptions,
  type SearchResult,
  StoredIndex,
} from '../search/stored-index.js';
import { canShareMemory, processors, ScanWorkers } from './scan-workers.js';

export interface ParallelFlatIndexOptions {
  /** Bits of a code, 1 … 4096. */
  readonly bits: number;
  /**
   * Threads that search, 0 … 64; 0 searches in the thread of the caller. Default: as many as there are processors, and 0 where memory cannot
   * be shared: a page that is not isolated (`crossOriginIsolated`) has none.
   */
  readonly workers?: number;
  /** Default: WebAssembly where there is such, else JavaScript; both give the same results. */
  readonly kernel?: ScanKernel;
}

export interface ParallelFlatIndexStats extends IndexStats {
  readonly workers: number;
}

const mostWorkers = 64;

/**
 * The exact search of {@link FlatIndex}, by several threads over one memory, with the same results. Threads start with the first search, keep
 * no process alive, and end with {@link close}.
 *
 * Codes may be added and removed while a search runs: it does not see what is added after its call, and may still find what is removed.
 *
 * @example
 * const index = new ParallelFlatIndex({ bits: 64, workers: 2 });
 * index.add(codes);
 * const { ids, distances } = await index.search(queries, 10);
 * await index.close();
 */
export class ParallelFlatIndex extends StoredIndex {
  readonly #workers: ScanWorkers;

  /** @throws HashOptionError */
  constructor(options: ParallelFlatIndexOptions) {
    const { bits, workers = defaultWorkers(), kernel } = optionsOf('ParallelFlatIndex', options, '{ bits: 64 }');
    requireInteger('ParallelFlatIndex', 'workers', workers, 0, mostWorkers);
    if (workers > 0 && !canShareMemory()) {
      throw new HashOptionError(
        'ParallelFlatIndex: workers: memory cannot be shared here: serve the page with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or use 0 workers',
      );
    }
    super(bits, { what: 'ParallelFlatIndex', kernel, threads: workers });
    const { wasm } = this.store.memory.shared();
    this.#workers = new ScanWorkers(workers, (place) => ({ bits, threads: workers, place, wasm }));
  }

  /**
   * The k nearest codes of each query by (distance, id). A filter that is a function is asked for every code, before the search.
   *
   * @param k from 1; where fewer are found, the rest of a query's places has the id −1 and the distance −1
   * @throws CodeShapeError, HashOptionError, ScanWorkerError
   */
  async search(queries: Codes, k: number, options: SearchOptions = {}): Promise<SearchResult> {
    return this.#run(this.planSearch(queries, k, options), queries);
  }

  /**
   * All codes within a Hamming distance of each query, by (distance, id).
   *
   * @param radius a whole number from 0
   * @throws CodeShapeError, HashOptionError, ScanWorkerError
   */
  async rangeSearch(queries: Codes, radius: number, options: RangeSearchOptions = {}): Promise<RangeResult> {
    return this.#run(this.planRange(queries, radius, options), queries);
  }

  override stats(): ParallelFlatIndexStats {
    return { ...super.stats(), workers: this.#workers.count };
  }

  /** Ends the threads; a later search starts new ones. Searches that run are rejected. */
  async close(): Promise<void> {
    await this.#workers.end();
  }

  protected override requireIdle(change: 'add' | 'remove' | 'compact'): void {
    if (change !== 'compact' || this.#workers.running === 0) return;
    throw new HashOptionError(
      `ParallelFlatIndex.compact: expected no search to run, got ${this.#workers.running}; it moves the codes, so await the searches first`,
    );
  }

  async #run<Result>(plan: Plan<Result>, queries: Codes): Promise<Result> {
    const found =
      this.#workers.count === 0 ? this.#scanHere(plan.wanted, queries) : await this.#scan(plan.wanted, queries);
    this.last = { buckets: 0, distances: queries.n * this.store.size, scans: queries.n };
    found.forEach((list, q) => {
      plan.take(list, q);
    });
    return plan.result();
  }

  #scanHere(wanted: Wanted, queries: Codes): Candidates[] {
    const found: Candidates[] = [];
    for (let first = 0; first < queries.n; first += states) {
      const count = Math.min(states, queries.n - first);
      const group = Array.from({ length: count }, (_, i) => wordsAt(queries, first + i));
      found.push(...this.store.scan(group, wanted));
    }
    return found;
  }

  async #scan({ allowed, ...wanted }: Wanted, queries: Codes): Promise<Candidates[]> {
    if (queries.n === 0) return [];
    const { store } = this;
    const replies = await this.#workers.run({
      // A copy: a message takes the whole buffer below a view.
      queries: queries.words.slice(),
      count: queries.n,
      wanted,
      end: store.size,
      hasRemoved: store.tombstones > 0,
      allowed: allowed && bitmapOf(allowed, store.size),
      taken: new Int32Array(new SharedArrayBuffer(4 * Math.ceil(queries.n / states))),
      words: store.memory.shared().words,
    });
    return Array.from({ length: queries.n }, (_, q) => {
      const all = new Candidates();
      for (const { offsets, positions, distances } of replies) {
        for (let i = offsets[q]!; i < offsets[q + 1]!; i++) all.push(positions[i]!, distances[i]!);
      }
      return all;
    });
  }
}

function defaultWorkers(): number {
  if (!canShareMemory()) return 0;
  return Math.min(processors(), mostWorkers);
}

/** Shared: bit p says whether position p counts. */
function bitmapOf(allowed: (position: number) => boolean, size: number): Uint32Array {
  const bitmap = new Uint32Array(new SharedArrayBuffer(4 * Math.ceil(size / 32)));
  for (let position = 0; position < size; position++) {
    if (allowed(position)) bitmap[position >>> 5]! |= 1 << (position & 31);
  }
  return bitmap;
}
