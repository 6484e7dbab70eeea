import { kMeans, type Matrix, plainOperations } from '@tensor-papers/numerics/linalg';
import { CodeShapeError, HashOptionError, NotFittedError } from '../errors.js';
import { encodeOptionsOf, fitOptionsOf } from '../hashers/fit-options.js';
import type { EncodeOptions, FitOptions, FitReport, HasherJson } from '../hashers/hasher.js';
import { prepareTraining } from '../hashers/training.js';
import { jsonReader, packFields } from '../json-fields.js';
import { idsIn, requireNewIds } from '../lists.js';
import { optionsOf, requireAmount, requireFlag, requireInteger } from '../options.js';
import type { OptimizedProductQuantizer } from '../quantizers/optimized-product-quantizer.js';
import { noNeighbors, type PQNeighbors, type PQRange, type PQSearchOptions } from '../quantizers/pq-index.js';
import { type ProductQuantizer, partWidth } from '../quantizers/product-quantizer.js';
import { type QuantizedCodes, requireFilter, requireQuantized } from '../quantizers/quantizer.js';
import { quantizerFromJson } from '../quantizers/quantizer-from-json.js';
import { SmallestK } from '../quantizers/smallest-k.js';
import { DuplicateIdError } from '../search/errors.js';
import { shown } from '../shown.js';
import { requireVectors } from '../vectors/require-vectors.js';
import { attentiveOperations } from './attentive-operations.js';
import { CoarseCentroids } from './coarse-centroids.js';
import { InvertedList, imbalance } from './inverted-list.js';
import { ListTables } from './list-tables.js';
import { probesOf } from './probes.js';
import { emptyListWarnings, trainingSample } from './training-sample.js';

/** Options of {@link IvfPQIndex}. */
export interface IvfPQIndexOptions {
  /** Codes what is in the lists. {@link IvfPQIndex.fit} fits it; from then on it belongs to the index. */
  readonly quantizer: ProductQuantizer | OptimizedProductQuantizer;
  /** Lists, 1 … 65,536. About √n for n vectors is usual. */
  readonly lists: number;
  /** Whether codes stand for x − c, what the centroid of the list leaves of a vector (default), or for x itself. */
  readonly residuals?: boolean;
  /** Lloyd steps of the lists' centroids, at most. Default 10. */
  readonly iterations?: number;
  /** Learn from at most so many vectors, drawn with the seed; at least `lists`. Default 256 a list, or 65,536 if that is more. */
  readonly sample?: number;
}

/** Options of {@link IvfPQIndex.search} and {@link IvfPQIndex.rangeSearch}. */
export interface IvfPQSearchOptions extends PQSearchOptions {
  /** Lists that a query looks into, those with the nearest centroids, 1 … lists. Default 8, or all where there are fewer. */
  readonly probes?: number;
}

/** What an {@link IvfPQIndex} holds and what its last search did. */
export interface IvfPQStats {
  readonly items: number;
  /** Codes, ids, centroids and tables; hash maps are estimated. */
  readonly bytes: number;
  readonly lists: number;
  /** How many times more codes a query meets than if all lists were of one length: L·Σn² / (Σn)². */
  readonly imbalance: number;
  /** Lists that the last search looked into, over all its queries. */
  readonly buckets: number;
  /** Codes whose distance the last search computed, over all its queries. */
  readonly distances: number;
}

interface Model {
  readonly coarse: CoarseCentroids;
  readonly tables: ListTables;
}

/** Bytes of a list's number before each code. */
const listBytes = 2;
/** Vectors that are coded together, so that memory stays bounded. */
const blockRows = 16_384;

/**
 * Approximate search in quantised vectors by an inverted file (IVFADC of Jégou, Douze and Schmid, 2011): k-means divides the vectors into
 * lists, a query looks into those whose centroids c are nearest, and there compares asymmetric distances ‖q − c − r̂‖² with the codes of the
 * residuals x − c, or ‖q − x̂‖² without residuals. With all lists probed and no residuals it finds what `PQIndex` finds.
 *
 * A code of this index is the number of its list (2 bytes, lowest first), then the bytes of the quantiser; so `saveCodes` keeps all that
 * the index holds, and `toJSON` what it has learnt.
 *
 * @example
 * const index = new IvfPQIndex({ quantizer: new ProductQuantizer({ parts: 8 }), lists: 256 });
 * await index.fit(vectors, { seed: 1 });
 * await index.add(vectors);
 * const { ids } = await index.search(queries, 10, { probes: 16 });
 *
 * // Save …
 * await saveCodes('vectors.l2h', index.contents());
 * await writeFile('vectors.json', JSON.stringify(index));
 * // … and load.
 * const copy = IvfPQIndex.fromJson(JSON.parse(await readFile('vectors.json', 'utf8')));
 * const { codes, ids } = await loadCodes('vectors.l2h');
 * if ('bytes' in codes) copy.addCodes(codes, ids);
 */
export class IvfPQIndex {
  readonly quantizer: ProductQuantizer | OptimizedProductQuantizer;
  readonly lists: number;
  readonly residuals: boolean;
  readonly #iterations: number;
  readonly #sample: number;
  readonly #listed: readonly InvertedList[];
  /** Of each id list · 2³² + row. */
  readonly #places = new Map<number, number>();
  #model: Model | undefined;
  /** The id that the next code without one gets. */
  #next = 0;
  /** Why the index must not change now. */
  #occupied: string | undefined;
  #last = { buckets: 0, distances: 0 };

  /** @throws HashOptionError */
  constructor(options: IvfPQIndexOptions) {
    const given = optionsOf('IvfPQIndex', options, '{ quantizer, lists: 256 }');
    const { quantizer, lists, residuals = true, iterations = 10, sample } = given;
    if ((quantizer?.kind !== 'pq' && quantizer?.kind !== 'opq') || typeof quantizer.tables !== 'function') {
      throw new HashOptionError(
        `IvfPQIndex: quantizer: expected a ProductQuantizer or an OptimizedProductQuantizer, got ${shown(quantizer)}`,
      );
    }
    requireFlag('IvfPQIndex', 'residuals', residuals);
    this.#sample = trainingSample('IvfPQIndex', { lists, iterations, sample });
    this.quantizer = quantizer;
    this.lists = lists;
    this.residuals = residuals;
    this.#iterations = iterations;
    this.#listed = Array.from({ length: lists }, () => new InvertedList(quantizer.parts));
  }

  /** What `toJSON` gave: an index that is fitted and empty. @throws HashOptionError */
  static fromJson(json: HasherJson): IvfPQIndex {
    const reader = jsonReader('IvfPQIndex.fromJson', 'an index', 'ivf-pq', json);
    const residuals = reader.flag('residuals');
    const restored = quantizerFromJson(reader.object('quantizer') as HasherJson) as
      | ProductQuantizer
      | OptimizedProductQuantizer;
    const centroids = reader.fields('model').matrix('centroids', undefined, restored.dimensions!);
    const index = new IvfPQIndex({ quantizer: restored, lists: centroids.rows, residuals });
    index.#learn(new CoarseCentroids(centroids));
    return index;
  }

  /** How many codes it holds. */
  get size(): number {
    return this.#places.size;
  }

  /** Dimension of the vectors; null before the fit. */
  get dimensions(): number | null {
    return this.#model?.coarse.absolute.columns ?? null;
  }

  /** Centroids of the lists, `[lists × d]`. @throws NotFittedError */
  get centroids(): Matrix {
    return this.#fitted().coarse.absolute;
  }

  /** Bytes of a code: the number of its list, and what the quantiser gives. */
  get codeBytes(): number {
    return listBytes + this.quantizer.parts;
  }

  /**
   * Learns the lists' centroids by k-means, then the quantiser from what they leave (or from the vectors themselves). The index has to be
   * empty. The report's objective is the quantiser's: Σ‖x − x̂‖² of the training vectors.
   *
   * @param vectors `[n × d]`, at least one a list, not all equal if there are several lists
   * @throws TrainingDataError, VectorShapeError, NonFiniteVectorError, HashOptionError; the signal's reason
   */
  async fit(vectors: Matrix, options: FitOptions = {}): Promise<FitReport> {
    this.#requireIdle('fit');
    if (this.size > 0) {
      throw new HashOptionError(
        `IvfPQIndex.fit: ${this.size} codes lie in the lists of what was learnt before; fit a new index, or remove them first`,
      );
    }
    const { signal, progress, operations = plainOperations() } = fitOptionsOf('IvfPQIndex.fit', options);
    signal?.throwIfAborted();
    const needs = { normalize: false, sample: this.#sample, supervised: false, leastRows: this.lists };
    const { rows, rng, step } = prepareTraining({ kind: 'ivf-pq', name: 'IvfPQIndex' }, vectors, options, needs);
    partWidth('IvfPQIndex.fit', rows.columns, this.quantizer.parts);
    this.#occupied = 'a fit is under way; await it first';
    try {
      let passes = 0;
      const { centroids, assignments } = await kMeans(rows, this.lists, {
        rng,
        iterations: this.#iterations,
        operations: attentiveOperations(operations, () => step(passes++ / (2 * this.#iterations))),
      });
      const coarse = new CoarseCentroids(centroids);
      const report = await this.quantizer.fit(this.residuals ? coarse.residuals(rows, assignments) : rows, {
        ...options,
        ...(progress && { progress: (fraction, objective) => progress((1 + fraction) / 2, objective) }),
      });
      this.#learn(coarse);
      const counts = new Uint32Array(this.lists);
      for (const list of assignments) counts[list]!++;
      return { ...report, warnings: [...emptyListWarnings(counts), ...report.warnings] };
    } finally {
      this.#occupied = undefined;
    }
  }

  /**
   * Codes of vectors for {@link addCodes}, `[n × codeBytes]`.
   *
   * @throws NotFittedError, VectorShapeError, NonFiniteVectorError
   */
  async encode(vectors: Matrix, options: EncodeOptions = {}): Promise<QuantizedCodes> {
    const { coarse } = this.#fitted();
    requireVectors('IvfPQIndex.encode', vectors, coarse.absolute.columns);
    const { operations = plainOperations(), signal } = encodeOptionsOf('IvfPQIndex.encode', options);
    const { codeBytes, quantizer } = this;
    const { rows, columns, values } = vectors;
    const bytes = new Uint8Array(rows * codeBytes);
    for (let start = 0; start < rows; start += blockRows) {
      signal?.throwIfAborted();
      const end = Math.min(rows, start + blockRows);
      const block = { rows: end - start, columns, values: values.subarray(start * columns, end * columns) };
      const lists = await coarse.assign(block, operations);
      const codes = await quantizer.encode(this.residuals ? coarse.residuals(block, lists) : block, options);
      for (let i = 0, at = start * codeBytes; i < lists.length; i++, at += codeBytes) {
        bytes[at] = lists[i]!;
        bytes[at + 1] = lists[i]! >>> 8;
        bytes.set(codes.bytes.subarray(i * codes.parts, (i + 1) * codes.parts), at + listBytes);
      }
    }
    return { n: rows, parts: codeBytes, bytes };
  }

  /**
   * Codes vectors and puts them into their lists.
   *
   * @param ids one safe integer a vector; default: the numbers after the largest that was ever given, from 0
   * @throws NotFittedError, VectorShapeError, NonFiniteVectorError, HashOptionError, DuplicateIdError; then nothing is added
   */
  async add(vectors: Matrix, ids?: ArrayLike<number>, options: EncodeOptions = {}): Promise<void> {
    this.#requireIdle('add');
    const model = this.#fitted();
    const codes = await this.encode(vectors, options);
    if (model !== this.#model) throw new HashOptionError('IvfPQIndex.add: the index was fitted anew meanwhile');
    this.addCodes(codes, ids);
  }

  /**
   * Puts codes into their lists: those of {@link encode} or {@link contents}, of this index or of one with the same model.
   *
   * @param ids as for {@link add}
   * @throws NotFittedError, CodeShapeError, HashOptionError, DuplicateIdError; then nothing is added
   */
  addCodes(codes: QuantizedCodes, ids?: ArrayLike<number>): void {
    this.#requireIdle('add');
    this.#fitted();
    const { codeBytes } = this;
    requireQuantized('IvfPQIndex.addCodes', codes, codeBytes, 256);
    const listOf = (i: number) => codes.bytes[i * codeBytes]! + 256 * codes.bytes[i * codeBytes + 1]!;
    this.#requireParts(codes, listOf);
    const idOf = this.#newIds(codes.n, ids);
    const more = new Uint32Array(this.lists);
    for (let i = 0; i < codes.n; i++) more[listOf(i)]!++;
    for (const [l, list] of this.#listed.entries()) list.reserve(list.length + more[l]!);
    for (let i = 0; i < codes.n; i++) {
      const [list, id] = [this.#listed[listOf(i)]!, idOf(i)];
      this.#places.set(id, listOf(i) * 2 ** 32 + list.length);
      list.push(codes.bytes.subarray(i * codeBytes + listBytes, (i + 1) * codeBytes), id);
      this.#next = Math.max(this.#next, id + 1);
    }
  }

  /** Removes codes; the last ones of their lists move into their places. @returns how many of the ids were there @throws HashOptionError for what is no number */
  remove(ids: Iterable<number>): number {
    this.#requireIdle('remove');
    const before = this.size;
    for (const id of idsIn('IvfPQIndex.remove', ids)) {
      const place = this.#places.get(id);
      if (place === undefined) continue;
      const moved = this.#listed[Math.floor(place / 2 ** 32)]!.take(place % 2 ** 32);
      this.#places.set(moved, place);
      this.#places.delete(id);
    }
    return before - this.size;
  }

  /** All codes with the numbers of their lists, and their ids, list by list. */
  contents(): { codes: QuantizedCodes; ids: Float64Array } {
    const { codeBytes, size } = this;
    const bytes = new Uint8Array(size * codeBytes);
    const ids = new Float64Array(size);
    let at = 0;
    for (const [l, list] of this.#listed.entries()) {
      for (let row = 0; row < list.length; row++, at++) {
        bytes[at * codeBytes] = l;
        bytes[at * codeBytes + 1] = l >>> 8;
        bytes.set(list.bytes.subarray(row * list.parts, (row + 1) * list.parts), at * codeBytes + listBytes);
        ids[at] = list.ids[row]!;
      }
    }
    return { codes: { n: size, parts: codeBytes, bytes }, ids };
  }

  /**
   * The k nearest codes of each query `[q × d]` among those in the probed lists.
   *
   * @param k from 1; where fewer are found, the rest of a query's places has the id −1 and the distance ∞
   * @throws NotFittedError, VectorShapeError, NonFiniteVectorError; HashOptionError for k below 1 and for probes outside 1 … lists
   */
  async search(queries: Matrix, k: number, options: IvfPQSearchOptions = {}): Promise<PQNeighbors> {
    requireInteger('IvfPQIndex.search', 'k', k, 1);
    const { filter, visits } = this.#visits('IvfPQIndex.search', queries, options);
    const { ids, distances } = noNeighbors('IvfPQIndex.search', queries.rows, k);
    for (let q = 0; q < queries.rows; q++) {
      const nearest = new SmallestK(k);
      visits(q, (listed, found) => {
        for (let i = 0; i < found.length; i++) {
          const value = found[i]!;
          const id = listed[i]!;
          if (nearest.takes(value, id) && (!filter || filter(id))) nearest.add(value, id);
        }
      });
      for (const [i, { value, id }] of nearest.sorted().entries()) {
        ids[q * k + i] = id;
        distances[q * k + i] = value;
      }
    }
    return { k, ids, distances };
  }

  /** All codes in the probed lists of each query at squared distance `radius` or less. @throws as `search` */
  async rangeSearch(queries: Matrix, radius: number, options: IvfPQSearchOptions = {}): Promise<PQRange> {
    requireAmount('IvfPQIndex.rangeSearch', 'radius', radius);
    const { filter, visits } = this.#visits('IvfPQIndex.rangeSearch', queries, options);
    const offsets = new Uint32Array(queries.rows + 1);
    const all: { value: number; id: number }[][] = [];
    for (let q = 0; q < queries.rows; q++) {
      const inside: { value: number; id: number }[] = [];
      visits(q, (listed, found) => {
        for (let i = 0; i < found.length; i++) {
          const value = found[i]!;
          const id = listed[i]!;
          if (value <= radius && (!filter || filter(id))) inside.push({ value, id });
        }
      });
      all.push(inside.sort((a, b) => a.value - b.value || a.id - b.id));
      offsets[q + 1] = offsets[q]! + inside.length;
    }
    const found = all.flat();
    return {
      offsets,
      ids: Float64Array.from(found, ({ id }) => id),
      distances: Float64Array.from(found, ({ value }) => value),
    };
  }

  stats(): IvfPQStats {
    const lengths = this.#listed.map(({ length }) => length);
    const held = this.#listed.reduce((sum, { bytes, ids }) => sum + bytes.byteLength + ids.byteLength, 0);
    const learnt = this.#model ? 2 * this.#model.coarse.absolute.values.byteLength + this.#model.tables.bytes : 0;
    return {
      items: this.size,
      bytes: held + learnt + 40 * this.size,
      lists: this.lists,
      imbalance: imbalance(lengths),
      ...this.#last,
    };
  }

  /** What the index has learnt, without its codes; {@link contents} gives those. @throws NotFittedError */
  toJSON(): HasherJson {
    const { centroids, residuals, quantizer } = this;
    return {
      kind: 'ivf-pq',
      version: 1,
      residuals,
      model: packFields({ centroids }),
      quantizer: quantizer.toJSON(),
    };
  }

  #learn(coarse: CoarseCentroids): void {
    this.#model = { coarse, tables: new ListTables(this.quantizer, coarse.relative) };
  }

  #fitted(): Model {
    if (this.#model) return this.#model;
    throw new NotFittedError('IvfPQIndex: fit it first, or load it with fromJson');
  }

  #requireIdle(call: string): void {
    if (this.#occupied !== undefined) throw new HashOptionError(`IvfPQIndex.${call}: ${this.#occupied}`);
  }

  #requireParts({ n, bytes }: QuantizedCodes, listOf: (i: number) => number): void {
    const { codeBytes, lists } = this;
    const { centroids } = this.quantizer;
    for (let i = 0; i < n; i++) {
      if (listOf(i) >= lists) {
        throw new CodeShapeError(`IvfPQIndex.addCodes: code ${i} lies in list ${listOf(i)}, there are ${lists}`);
      }
      for (let at = i * codeBytes + listBytes; at < (i + 1) * codeBytes; at++) {
        if (bytes[at]! < centroids) continue;
        throw new CodeShapeError(`IvfPQIndex.addCodes: code ${i} names centroid ${bytes[at]}, there are ${centroids}`);
      }
    }
  }

  /** Checks the ids of n new codes; changes nothing. */
  #newIds(n: number, given: ArrayLike<number> | undefined): (i: number) => number {
    const first = this.#next;
    requireNewIds('IvfPQIndex.add', given, n, first);
    if (given === undefined) return (i) => first + i;
    // −0 becomes 0.
    const idOf = (i: number) => given[i]! + 0;
    const fresh = new Set<number>();
    for (let i = 0; i < n; i++) {
      const id = idOf(i);
      if (this.#places.has(id) || fresh.has(id)) {
        throw new DuplicateIdError(`IvfPQIndex.add: id ${id} is there already; remove it first`);
      }
      fresh.add(id);
    }
    return idOf;
  }

  /** Checks a search; `visits` goes through the lists of a query, each with its ids and their distances. */
  #visits(what: string, queries: Matrix, options: IvfPQSearchOptions) {
    const { coarse, tables: listTables } = this.#fitted();
    requireVectors(what, queries, coarse.absolute.columns);
    const { probes: given, filter } = optionsOf(what, options);
    const probes = probesOf(what, this.lists, given);
    requireFilter(what, filter);
    this.#requireIdle(what.slice(what.indexOf('.') + 1));
    this.#last = { buckets: 0, distances: 0 };
    const { quantizer } = this;
    const { parts, centroids } = quantizer;
    const combined = new Float64Array(parts * centroids);
    const visits = (q: number, see: (ids: Float64Array, distances: Float64Array) => void) => {
      const query = queries.values.subarray(q * queries.columns, (q + 1) * queries.columns);
      const relative = coarse.relativeTo(query);
      const tables = quantizer.tables(this.residuals ? relative : query);
      this.#occupied = 'a filter cannot search or change the index that asks it';
      try {
        for (const l of coarse.nearest(relative, probes)) {
          const list = this.#listed[l]!;
          this.#last.buckets++;
          this.#last.distances += list.length;
          if (list.length === 0) continue;
          const constant = this.residuals ? listTables.combine(l, relative, tables, combined) : 0;
          see(list.ids, distancesOf(list, this.residuals ? combined : tables, centroids, constant));
        }
      } finally {
        this.#occupied = undefined;
      }
    };
    return { filter, visits };
  }
}

/** Sums of table entries and a constant, `[length]`. */
function distancesOf(
  { length, parts, bytes }: InvertedList,
  tables: Float64Array,
  centroids: number,
  constant: number,
): Float64Array {
  const distances = new Float64Array(length);
  for (let i = 0, at = 0; i < length; i++) {
    let sum = 0;
    for (let m = 0, table = 0; m < parts; m++, table += centroids, at++) sum += tables[table + bytes[at]!]!;
    // Rounding may leave it a little below 0.
    distances[i] = Math.max(0, sum + constant);
  }
  return distances;
}
