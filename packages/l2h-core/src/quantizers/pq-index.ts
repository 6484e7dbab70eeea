import type { Matrix } from '@tensor-papers/numerics/linalg';
import { HashOptionError } from '../errors.js';
import { idsIn, requireNewIds } from '../lists.js';
import { optionsOf, requireAmount, requireInteger } from '../options.js';
import { DuplicateIdError } from '../search/errors.js';
import { withPlaces } from '../search/top-k.js';
import { shown } from '../shown.js';
import { requireVectors } from '../vectors/require-vectors.js';
import { type QuantizedCodes, type Quantizer, requireFilter, requireQuantized, requireQuantizer } from './quantizer.js';
import { SmallestK } from './smallest-k.js';

/** A quantiser whose codes can be compared with each other by tables: product quantisers, not composite ones. */
interface SymmetricQuantizer extends Quantizer {
  symmetricTables(): Float64Array;
}

/** Options of {@link PQIndex}. */
export interface PQIndexOptions {
  /**
   * `adc` (default): the query stays as it is, ‖q − x̂‖². `sdc`: the query is coded too, ‖q̂ − x̂‖²; less exact, its tables are shared by all
   * queries.
   */
  readonly mode?: 'adc' | 'sdc';
}

/** Options of {@link PQIndex.search}. */
export interface PQSearchOptions {
  /** Only ids for which it returns true are found. */
  readonly filter?: (id: number) => boolean;
}

/** What a search finds, a row for each query; where fewer than k are there the rest has id −1 and distance ∞. */
export interface PQNeighbors {
  readonly k: number;
  /** `[queries × k]` */
  readonly ids: Float64Array;
  /** Squared Euclidean distances, `[queries × k]`, ascending; of equal ones the lower id comes first. */
  readonly distances: Float64Array;
}

/** All codes within a radius: query i has the places `offsets[i]` … `offsets[i + 1] − 1`, nearest first, equally near ones by id. */
export interface PQRange {
  readonly offsets: Uint32Array;
  readonly ids: Float64Array;
  /** Squared Euclidean distances. */
  readonly distances: Float64Array;
}

const canCompareCodes = (quantizer: Quantizer): quantizer is SymmetricQuantizer => 'symmetricTables' in quantizer;

/**
 * Exhaustive search in quantised vectors: every code's distance is a sum of table entries.
 *
 * @example
 * const index = new PQIndex(quantizer);
 * index.add(await quantizer.encode(vectors));
 * const { ids } = await index.search(queries, 10);
 */
export class PQIndex {
  readonly quantizer: Quantizer;
  readonly mode: 'adc' | 'sdc';
  readonly #rowOf = new Map<number, number>();
  #bytes = new Uint8Array(0);
  #ids = new Float64Array(0);
  #length = 0;
  /** The id that the next code without one gets. */
  #next = 0;
  #symmetric: Float64Array | undefined;

  /** @throws HashOptionError for another mode, or `sdc` with a quantiser whose codes cannot be compared */
  constructor(quantizer: Quantizer, options: PQIndexOptions = {}) {
    requireQuantizer('PQIndex', quantizer);
    const { mode = 'adc' } = optionsOf('PQIndex', options);
    if (mode !== 'adc' && mode !== 'sdc') {
      throw new HashOptionError(`PQIndex: mode: expected adc or sdc, got ${shown(mode)}`);
    }
    if (mode === 'sdc' && !canCompareCodes(quantizer)) {
      throw new HashOptionError(
        `PQIndex: mode: codes of ${quantizer.kind} cannot be compared with each other; use adc`,
      );
    }
    this.quantizer = quantizer;
    this.mode = mode;
  }

  /** How many codes it holds. */
  get size(): number {
    return this.#length;
  }

  /**
   * @param ids one safe integer a code; default: the numbers after the largest that was ever given, from 0
   * @throws CodeShapeError, HashOptionError; DuplicateIdError for ids that are there already, or twice; then nothing is added
   */
  add(codes: QuantizedCodes, ids?: ArrayLike<number>): void {
    const { parts, centroids } = this.quantizer;
    requireQuantized('PQIndex.add', codes, parts, centroids);
    requireNewIds('PQIndex.add', ids, codes.n, this.#next);
    const fresh = new Set<number>();
    for (let i = 0; ids !== undefined && i < codes.n; i++) {
      const id = ids[i]!;
      if (this.#rowOf.has(id) || fresh.has(id)) {
        throw new DuplicateIdError(`PQIndex.add: id ${id} is there already; remove it first`);
      }
      fresh.add(id);
    }
    const added = ids ?? Array.from({ length: codes.n }, (_, i) => this.#next + i);
    this.#reserve(this.#length + codes.n);
    this.#bytes.set(codes.bytes, this.#length * parts);
    for (let i = 0; i < codes.n; i++) {
      this.#ids[this.#length + i] = added[i]!;
      this.#rowOf.set(added[i]!, this.#length + i);
      this.#next = Math.max(this.#next, added[i]! + 1);
    }
    this.#length += codes.n;
  }

  /** Removes codes; the last ones move into their places. @returns how many of the ids were there @throws HashOptionError for what is no number */
  remove(ids: Iterable<number>): number {
    const { parts } = this.quantizer;
    let removed = 0;
    for (const id of idsIn('PQIndex.remove', ids)) {
      const row = this.#rowOf.get(id);
      if (row === undefined) continue;
      const last = this.#length - 1;
      this.#bytes.copyWithin(row * parts, last * parts, (last + 1) * parts);
      this.#ids[row] = this.#ids[last]!;
      this.#rowOf.set(this.#ids[row]!, row);
      this.#rowOf.delete(id);
      this.#length = last;
      removed++;
    }
    return removed;
  }

  /**
   * The k nearest codes of each query `[q × d]`.
   *
   * @param k from 1; where there are fewer codes, the rest of a query's places has the id −1 and the distance ∞
   * @throws HashOptionError for k below 1; VectorShapeError, NonFiniteVectorError, NotFittedError
   */
  async search(queries: Matrix, k: number, options: PQSearchOptions = {}): Promise<PQNeighbors> {
    this.#requireQueries('PQIndex.search', queries);
    requireInteger('PQIndex.search', 'k', k, 1);
    const { filter } = optionsOf('PQIndex.search', options);
    requireFilter('PQIndex.search', filter);
    const { ids, distances } = noNeighbors('PQIndex.search', queries.rows, k);
    await this.#eachQuery(queries, (tables, constant, q) => {
      const nearest = new SmallestK(k);
      this.#scan(tables, (id, sum) => {
        if (nearest.takes(sum, id) && (!filter || filter(id))) nearest.add(sum, id);
      });
      for (const [i, { value, id }] of nearest.sorted().entries()) {
        ids[q * k + i] = id;
        distances[q * k + i] = value + constant;
      }
    });
    return { k, ids, distances };
  }

  /** All codes of each query at squared distance `radius` or less. @throws as `search` */
  async rangeSearch(queries: Matrix, radius: number, options: PQSearchOptions = {}): Promise<PQRange> {
    this.#requireQueries('PQIndex.rangeSearch', queries);
    requireAmount('PQIndex.rangeSearch', 'radius', radius);
    const { filter } = optionsOf('PQIndex.rangeSearch', options);
    requireFilter('PQIndex.rangeSearch', filter);
    const found: { value: number; id: number }[][] = [];
    await this.#eachQuery(queries, (tables, constant) => {
      const inside: { value: number; id: number }[] = [];
      this.#scan(tables, (id, sum) => {
        if (sum + constant <= radius && (!filter || filter(id))) inside.push({ value: sum + constant, id });
      });
      found.push(inside.sort((a, b) => a.value - b.value || a.id - b.id));
    });
    const offsets = new Uint32Array(queries.rows + 1);
    found.forEach((inside, q) => {
      offsets[q + 1] = offsets[q]! + inside.length;
    });
    const all = found.flat();
    return {
      offsets,
      ids: Float64Array.from(all, ({ id }) => id),
      distances: Float64Array.from(all, ({ value }) => value),
    };
  }

  /** Bytes held for codes and ids. */
  stats(): { items: number; bytes: number } {
    return { items: this.#length, bytes: this.#length * (this.quantizer.parts + 8) };
  }

  #requireQueries(what: string, queries: Matrix): void {
    requireVectors(what, queries, this.quantizer.dimensions ?? undefined);
  }

  async #eachQuery(
    queries: Matrix,
    visit: (tables: Float64Array, constant: number, query: number) => void,
  ): Promise<void> {
    const { quantizer } = this;
    const d = queries.columns;
    const codes = this.mode === 'sdc' ? await quantizer.encode(queries) : undefined;
    for (let q = 0; q < queries.rows; q++) {
      const query = queries.values.subarray(q * d, (q + 1) * d);
      if (codes) visit(this.#tablesOfCode(codes, q), 0, q);
      else visit(quantizer.tables(query), quantizer.constantOf(query), q);
    }
  }

  #tablesOfCode({ bytes }: QuantizedCodes, query: number): Float64Array {
    const { parts, centroids } = this.quantizer;
    this.#symmetric ??= (this.quantizer as SymmetricQuantizer).symmetricTables();
    const tables = new Float64Array(parts * centroids);
    for (let m = 0; m < parts; m++) {
      const from = (m * centroids + bytes[query * parts + m]!) * centroids;
      tables.set(this.#symmetric.subarray(from, from + centroids), m * centroids);
    }
    return tables;
  }

  #scan(tables: Float64Array, visit: (id: number, sum: number) => void): void {
    const { parts, centroids } = this.quantizer;
    const bytes = this.#bytes;
    for (let i = 0, at = 0; i < this.#length; i++) {
      let sum = 0;
      for (let m = 0, table = 0; m < parts; m++, table += centroids, at++) sum += tables[table + bytes[at]!]!;
      visit(this.#ids[i]!, sum);
    }
  }

  #reserve(length: number): void {
    if (length <= this.#ids.length) return;
    const capacity = Math.max(length, 2 * this.#ids.length);
    const ids = new Float64Array(capacity);
    ids.set(this.#ids);
    const bytes = new Uint8Array(capacity * this.quantizer.parts);
    bytes.set(this.#bytes);
    [this.#ids, this.#bytes] = [ids, bytes];
  }
}

/** The places of a search that has found nothing yet. @throws HashOptionError where there is no memory for them */
export function noNeighbors(what: string, queries: number, k: number): Pick<PQNeighbors, 'ids' | 'distances'> {
  return withPlaces(what, queries, k, (count) => ({
    ids: new Float64Array(count).fill(-1),
    distances: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
  }));
}
