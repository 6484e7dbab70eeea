import { createRng } from '@tensor-papers/numerics/random';
import { type Codes, requireCodes, takeCodes, wordsOf } from '../codes/codes.js';
import { hammingAll, wordsAt } from '../codes/hamming.js';
import { HashOptionError, NotFittedError, TrainingDataError } from '../errors.js';
import { fitOptionsOf } from '../hashers/fit-options.js';
import type { FitOptions, FitReport, HasherJson } from '../hashers/hasher.js';
import { jsonReader, packFields } from '../json-fields.js';
import { optionsOf } from '../options.js';
import type { Candidates } from '../search/candidates.js';
import { CodeIndex } from '../search/code-index.js';
import type { ScanKernel } from '../search/code-memory.js';
import type { Wanted } from '../search/scanner.js';
import { requireNoBitsBeyond } from '../search/stored-codes.js';
import type {
  IndexStats,
  RangeResult,
  RangeSearchOptions,
  SearchOptions,
  SearchResult,
} from '../search/stored-index.js';
import { CodeCentroids } from './code-centroids.js';
import { hammingKMeans } from './hamming-k-means.js';
import { imbalance } from './inverted-list.js';
import { ListedCodes } from './listed-codes.js';
import { pacing } from './pacing.js';
import { probesOf } from './probes.js';
import { emptyListWarnings, trainingSample } from './training-sample.js';

/** Options of {@link IvfBinaryIndex}. */
export interface IvfBinaryIndexOptions {
  /** Bits of a code, 1 … 4096. */
  readonly bits: number;
  /** Lists, 1 … 65,536. About √n for n codes is usual. */
  readonly lists: number;
  /** Updates of the lists' centroids, at most. Default 10. */
  readonly iterations?: number;
  /** Learn from at most so many codes, drawn with the seed; at least `lists`. Default 256 a list, or 65,536 if that is more. */
  readonly sample?: number;
  /** Default: WebAssembly where there is such, else JavaScript; both give the same results. */
  readonly kernel?: ScanKernel;
}

/** Options of {@link IvfBinaryIndex.rangeSearch}. */
export interface IvfBinaryRangeSearchOptions extends RangeSearchOptions {
  /**
   * Lists that a query looks into, those with the nearest centroids, of equally near ones those with the lowest numbers; 1 … lists. Default
   * 8, or all where there are fewer.
   */
  readonly probes?: number;
}

/** Options of {@link IvfBinaryIndex.search}. */
export interface IvfBinarySearchOptions extends SearchOptions, IvfBinaryRangeSearchOptions {}

export interface IvfBinaryStats extends IndexStats {
  readonly lists: number;
  /** How many times more codes a query meets than if all lists were of one length: L·Σn² / (Σn)². */
  readonly imbalance: number;
}

/** New codes are put into the lists when they are more than this, and than a 64th of all. */
const mostWaiting = 1024;

/**
 * Approximate search in binary codes by an inverted file: Hamming k-means (k-majority) divides the codes into lists, a query looks into those
 * whose centroids are nearest, and there finds exactly what `FlatIndex` would find. With all lists probed it finds what `FlatIndex` finds.
 *
 * A list lies in one piece, in a copy of the codes beside those in the order of adding: codes take twice their bytes, and 6 more. Codes that
 * are added wait at the end of the latter, where queries that probe their lists find them too; when more than 1,024 and a 64th of all are
 * waiting, the next search puts them in, and so does `compact()`.
 *
 * @example
 * const index = new IvfBinaryIndex({ bits: 64, lists: 1024 });
 * await index.fit(codes, { seed: 1 });
 * index.add(codes);
 * const { ids, distances } = index.search(queries, 10, { probes: 16 });
 *
 * // Save …
 * await saveCodes('codes.l2h', index.contents());
 * await writeFile('lists.json', JSON.stringify(index));
 * // … and load: the codes are put into the same lists again.
 * const copy = IvfBinaryIndex.fromJson(JSON.parse(await readFile('lists.json', 'utf8')));
 * const { codes, ids } = await loadCodes('codes.l2h');
 * if ('words' in codes) copy.add(codes, ids);
 */
export class IvfBinaryIndex extends CodeIndex {
  readonly lists: number;
  readonly #iterations: number;
  readonly #sample: number;
  readonly #kernel: ScanKernel | undefined;
  readonly #listed: ListedCodes;
  /** The list of each position, with room to grow. */
  #listOf = new Uint16Array(0);
  #centroids: CodeCentroids | undefined;
  #fitting = false;

  /** @throws HashOptionError */
  constructor(options: IvfBinaryIndexOptions) {
    const given = optionsOf('IvfBinaryIndex', options, '{ bits: 64, lists: 256 }');
    const { bits, lists, iterations = 10, sample, kernel } = given;
    super('IvfBinaryIndex', bits, kernel);
    this.#sample = trainingSample('IvfBinaryIndex', { lists, iterations, sample });
    this.lists = lists;
    this.#iterations = iterations;
    this.#kernel = kernel;
    this.#listed = new ListedCodes(this.store, lists, kernel);
  }

  /** What `toJSON` gave: an index that is fitted and empty. @throws HashOptionError */
  static fromJson(json: HasherJson, options: Pick<IvfBinaryIndexOptions, 'kernel'> = {}): IvfBinaryIndex {
    const { kernel } = optionsOf('IvfBinaryIndex.fromJson', options);
    const reader = jsonReader('IvfBinaryIndex.fromJson', 'an index', 'ivf-binary', json).fields('model');
    const [bits, lists] = [reader.number('bits'), reader.number('lists')];
    const index = new IvfBinaryIndex({ bits, lists, ...(kernel && { kernel }) });
    const words = reader.vector('words', lists * wordsOf(bits));
    const codes = { n: lists, bits, words: Uint32Array.from(words) };
    if (words.some((word, i) => word !== codes.words[i])) {
      throw new HashOptionError(
        'IvfBinaryIndex.fromJson: expected 32-bit words of centroids; was it written by toJSON()?',
      );
    }
    requireNoBitsBeyond('IvfBinaryIndex.fromJson: words', codes);
    index.#centroids = new CodeCentroids(codes, kernel);
    return index;
  }

  /** Centroids of the lists. @throws NotFittedError */
  get centroids(): Codes {
    return this.#fitted().codes;
  }

  /**
   * Learns the lists' centroids. The index has to be empty. The report's objective is Σ d_H(code, nearest centroid), at the start and after
   * each update.
   *
   * @param codes at least one a list, not all equal if there are several lists
   * @throws TrainingDataError, CodeShapeError, HashOptionError; the signal's reason
   */
  async fit(codes: Codes, options: Pick<FitOptions, 'seed' | 'signal' | 'progress'> = {}): Promise<FitReport> {
    this.requireIdle();
    const { lists } = this;
    const {
      seed = 0,
      signal,
      progress,
    } = fitOptionsOf<Pick<FitOptions, 'seed' | 'signal' | 'progress'>>('IvfBinaryIndex.fit', options);
    signal?.throwIfAborted();
    requireCodes('IvfBinaryIndex.fit', codes, this.bits);
    requireNoBitsBeyond('IvfBinaryIndex.fit', codes);
    const { items } = this.stats();
    if (items > 0) {
      throw new HashOptionError(
        `IvfBinaryIndex.fit: ${items} codes lie in the lists of what was learnt before; fit a new index, or remove them first`,
      );
    }
    if (codes.n < lists)
      throw new TrainingDataError(`IvfBinaryIndex.fit: expected at least ${lists} codes, got ${codes.n}`);
    if (lists > 1 && hammingAll(wordsAt(codes, 0), codes).every((distance) => distance === 0)) {
      throw new TrainingDataError(`IvfBinaryIndex.fit: all ${codes.n} codes are equal; there is nothing to learn`);
    }
    const rng = createRng(seed).stream('ivf-binary');
    const drawn = rng.stream('sample').permutation(codes.n).subarray(0, this.#sample).sort();
    this.#fitting = true;
    try {
      const { centroids, assignment, objective } = await hammingKMeans(takeCodes(codes, drawn), lists, {
        rng: rng.stream('k-means'),
        iterations: this.#iterations,
        kernel: this.#kernel,
        step: pacing(signal, progress),
      });
      this.#centroids = new CodeCentroids(centroids, this.#kernel);
      const counts = new Uint32Array(lists);
      for (const list of assignment.lists) counts[list]!++;
      return { rows: drawn.length, objective, warnings: emptyListWarnings(counts) };
    } finally {
      this.#fitting = false;
    }
  }

  /**
   * Adds codes to the lists of their nearest centroids, of equally near ones the lowest.
   *
   * @param ids safe integers that the index does not hold. Default: the numbers after the largest id that was ever given, from 0.
   * @throws NotFittedError, CodeShapeError, HashOptionError, DuplicateIdError, IndexFullError; the index is as before
   */
  override add(codes: Codes, ids?: ArrayLike<number>): void {
    this.requireIdle();
    const centroids = this.#fitted();
    const first = this.store.size;
    requireCodes('IvfBinaryIndex.add', codes, this.bits);
    // Now, so that no later search lacks the memory.
    this.#listed.reserve(first + codes.n);
    super.add(codes, ids);
    if (this.#listOf.length < this.store.size) {
      const grown = new Uint16Array(Math.max(this.store.size, Math.ceil(1.25 * first)));
      grown.set(this.#listOf.subarray(0, first));
      this.#listOf = grown;
    }
    centroids.assign(codes, { lists: this.#listOf.subarray(first), distances: new Uint16Array(codes.n) });
  }

  override compact(): void {
    const live = this.store.livePositions();
    super.compact();
    this.#listOf = Uint16Array.from(live, (position) => this.#listOf[position]!);
    this.#listed.build(this.#listOf);
  }

  /**
   * The k nearest codes of each query, by (distance, id), among those in the probed lists.
   *
   * @param k from 1; where fewer are found, the rest of a query's places has the id −1 and the distance −1
   * @throws NotFittedError, CodeShapeError, HashOptionError, also for probes outside 1 … lists
   */
  override search(queries: Codes, k: number, options: IvfBinarySearchOptions = {}): SearchResult {
    this.#requireSearch('IvfBinaryIndex.search', options);
    return super.search(queries, k, options);
  }

  /** All codes in the probed lists within a Hamming distance of each query, by (distance, id). @throws as `search` */
  override rangeSearch(queries: Codes, radius: number, options: IvfBinaryRangeSearchOptions = {}): RangeResult {
    this.#requireSearch('IvfBinaryIndex.rangeSearch', options);
    return super.rangeSearch(queries, radius, options);
  }

  override stats(): IvfBinaryStats {
    const stats = super.stats();
    const lengths = new Array<number>(this.lists).fill(0);
    for (const position of this.store.livePositions()) lengths[this.#listOf[position]!]!++;
    const bytes = stats.bytes + this.#listed.bytes + this.#listOf.byteLength + (this.#centroids?.bytes ?? 0);
    return { ...stats, bytes, lists: this.lists, imbalance: imbalance(lengths) };
  }

  /** What the index has learnt, without its codes; `contents()` gives those. @throws NotFittedError */
  toJSON(): HasherJson {
    const { bits, lists, centroids } = this;
    const model = packFields({ bits, lists, words: Float64Array.from(centroids.words) });
    return { kind: 'ivf-binary', version: 1, model };
  }

  protected override find(
    queries: readonly Uint32Array[],
    wanted: Wanted,
    { probes }: IvfBinarySearchOptions,
  ): Candidates[] {
    const { size } = this.store;
    if (size - this.#listed.known > Math.max(mostWaiting, size / 64)) this.#listed.build(this.#listOf);
    const nearest = this.#fitted().nearest(queries, probesOf('IvfBinaryIndex.search', this.lists, probes));
    return queries.map((query, i) => this.#look(query, nearest[i]!, wanted));
  }

  protected override requireIdle(): void {
    super.requireIdle();
    if (this.#fitting) throw new HashOptionError('IvfBinaryIndex: a fit is under way; await it first');
  }

  #look(query: Uint32Array, lists: Float64Array, wanted: Wanted): Candidates {
    const { last, store } = this;
    last.buckets += lists.length;
    last.distances += this.lists;
    for (const list of lists) last.distances += this.#listed.lengthOf(list);
    const found = this.#listed.scan(query, lists, wanted);
    const { known } = this.#listed;
    if (known === store.size) return found;
    last.distances += store.size - known;
    const probed = new Uint8Array(this.lists);
    for (const list of lists) probed[list] = 1;
    const { allowed, k } = wanted;
    const waiting = { ...wanted, allowed: (position: number) => isProbed(position) && (allowed?.(position) ?? true) };
    const isProbed = (position: number) => probed[this.#listOf[position]!] === 1;
    const [rest] = store.scan([query], k === undefined ? waiting : { ...waiting, ...limitOf(found, k) }, known);
    for (let i = 0; i < rest!.count; i++) found.push(rest!.positions[i]!, rest!.distances[i]!);
    return found;
  }

  #requireSearch(what: string, options: IvfBinaryRangeSearchOptions): void {
    this.#fitted();
    probesOf(what, this.lists, optionsOf(what, options).probes);
  }

  #fitted(): CodeCentroids {
    if (this.#centroids) return this.#centroids;
    throw new NotFittedError('IvfBinaryIndex: fit it first, or load it with fromJson');
  }
}

/** Where k have been found, no more than the k-th distance is wanted. */
function limitOf(found: Candidates, k: number): Partial<Wanted> {
  found.keepNearest(k);
  if (found.count < k) return {};
  let radius = 0;
  for (let i = 0; i < found.count; i++) radius = Math.max(radius, found.distances[i]!);
  return { k: undefined, radius };
}
