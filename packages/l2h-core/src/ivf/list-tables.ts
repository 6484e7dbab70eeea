import type { Quantizer } from '../quantizers/quantizer.js';

/** A quantiser whose tables are squared distances of parts: ‖q − x̂‖² is their sum, with no constant. */
type PartQuantizer = Pick<Quantizer, 'tables'>;

/** Bytes of tables that are kept. */
const keptBytes = 2 ** 28;

/**
 * Tables of residual codes: with r̂ what a code of list l stands for,
 *
 * ‖q − c_l − r̂‖² = ‖q − r̂‖² + (‖c_l + r̂‖² − ‖r̂‖²) − 2·q·c_l,
 *
 * where the first term is the query's table, the second depends on the list alone (computed once, then kept), and the third is a number.
 * Centroids and queries are relative to an origin near the centroids: far from 0 the differences would lose their digits.
 */
export class ListTables {
  /** Bytes of the tables that it keeps. */
  bytes = 0;
  readonly #kept = new Map<number, Float64Array>();
  #ofZero: Float64Array | undefined;

  /** @param centroids `[lists × d]`, relative to the origin */
  constructor(
    readonly quantizer: PartQuantizer,
    readonly centroids: { readonly columns: number; readonly values: Float64Array },
    readonly limit = keptBytes,
  ) {}

  /**
   * The tables of a query and a list, and what has to be added to their sums.
   *
   * @param query relative to the origin
   * @param tables those of the query
   * @param out filled with the tables of both
   */
  combine(list: number, query: Float64Array, tables: Float64Array, out: Float64Array): number {
    const own = this.#tablesOf(list);
    for (let i = 0; i < out.length; i++) out[i] = tables[i]! + own[i]!;
    const { columns, values } = this.centroids;
    let dot = 0;
    for (let j = 0, at = list * columns; j < columns; j++, at++) dot += query[j]! * values[at]!;
    return -2 * dot;
  }

  #tablesOf(list: number): Float64Array {
    const kept = this.#kept.get(list);
    if (kept !== undefined) return kept;
    const { columns, values } = this.centroids;
    this.#ofZero ??= this.quantizer.tables(new Float64Array(columns));
    const opposite = values.slice(list * columns, (list + 1) * columns).map((value) => -value);
    const zero = this.#ofZero;
    const tables = this.quantizer.tables(opposite).map((value, i) => value - zero[i]!);
    if (this.bytes + tables.byteLength <= this.limit) {
      this.#kept.set(list, tables);
      this.bytes += tables.byteLength;
    }
    return tables;
  }
}
