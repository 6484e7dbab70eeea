import type { Codes } from '../codes/codes.js';
import { wordsAt } from '../codes/hamming.js';
import { HashOptionError } from '../errors.js';
import type { Candidates } from './candidates.js';
import { states } from './code-layout.js';
import type { ScanKernel } from './code-memory.js';
import type { Wanted } from './scanner.js';
import {
  type Plan,
  type RangeResult,
  type RangeSearchOptions,
  type SearchOptions,
  type SearchResult,
  StoredIndex,
} from './stored-index.js';

/** What the indexes that search in this thread share. */
export abstract class CodeIndex extends StoredIndex {
  #searching = false;

  constructor(what: string, bits: number, kernel?: ScanKernel) {
    super(bits, { what, kernel });
  }

  /**
   * The k nearest codes of each query by (distance, id).
   *
   * @param k from 1; where fewer are found, the rest of a query's places has the id −1 and the distance −1
   * @throws CodeShapeError, HashOptionError
   */
  search(queries: Codes, k: number, options: SearchOptions = {}): SearchResult {
    return this.#run(this.planSearch(queries, k, options), queries, options);
  }

  /**
   * All codes within a Hamming distance of each query, by (distance, id).
   *
   * @param radius a whole number from 0
   * @throws CodeShapeError, HashOptionError
   */
  rangeSearch(queries: Codes, radius: number, options: RangeSearchOptions = {}): RangeResult {
    return this.#run(this.planRange(queries, radius, options), queries, options);
  }

  /** Candidates of queries `first` … of `total`: all that is wanted, as far as the index is exact, and perhaps more. */
  protected abstract find(
    queries: readonly Uint32Array[],
    wanted: Wanted,
    options: SearchOptions,
    first: number,
    total: number,
  ): Candidates[];

  #run<Result>(plan: Plan<Result>, queries: Codes, options: SearchOptions): Result {
    this.requireIdle();
    this.#searching = true;
    this.last = { buckets: 0, distances: 0, scans: 0 };
    try {
      for (let first = 0; first < queries.n; first += states) {
        const count = Math.min(states, queries.n - first);
        const group = Array.from({ length: count }, (_, i) => wordsAt(queries, first + i));
        this.find(group, plan.wanted, options, first, queries.n).forEach((found, i) => {
          plan.take(found, first + i);
        });
      }
    } finally {
      this.#searching = false;
    }
    return plan.result();
  }

  protected override requireIdle(): void {
    if (!this.#searching) return;
    throw new HashOptionError(`${this.store.memory.what}: a filter cannot search or change the index that asks it`);
  }

  /** The flat scan, counted. */
  protected scan(queries: readonly Uint32Array[], wanted: Wanted): Candidates[] {
    this.last.scans += queries.length;
    this.last.distances += queries.length * this.store.size;
    return this.store.scan(queries, wanted);
  }
}
