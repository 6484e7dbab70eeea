import { type Codes, requireCodes } from '../codes/codes.js';
import { hammingAll, wordsAt } from '../codes/hamming.js';
import { CodeShapeError, HashOptionError } from '../errors.js';
import { lengthOf } from '../lists.js';
import { optionsOf, requireInteger } from '../options.js';
import { shown } from '../shown.js';
import {
  expectedAveragePrecision,
  expectedPrecisionAt,
  precisionRecallByRadius,
  radiusCounts,
} from './radius-counts.js';

/** Which items of the database are relevant to a query. Never mixed: a result belongs to one of them. */
export type Relevance =
  /** The same class. */
  | { readonly queryLabels: ArrayLike<number>; readonly databaseLabels: ArrayLike<number> }
  /** Given places in the database for each query, such as its true nearest neighbours. */
  | { readonly neighbors: readonly ArrayLike<number>[] }
  /** Whatever it says. */
  | ((query: number, item: number) => boolean);

/** What is compared. */
export interface EvaluationInput {
  readonly queryCodes: Codes;
  readonly dbCodes: Codes;
  readonly relevance: Relevance;
  /** The place of each query in the database, which is left out of its ranking; −1 where it is not there. */
  readonly self?: ArrayLike<number>;
}

/** Options of {@link evaluate}. */
export interface EvaluationOptions {
  /** K of mAP@K. Default: none. */
  readonly cutoff?: number;
  /** N of precision@N and recall@N. Default: none. */
  readonly at?: readonly number[];
  /** Of "precision within radius". Default 2. */
  readonly radius?: number;
}

/** Means over the queries that have a relevant item. */
export interface Evaluation {
  /** Queries with a relevant item; the others count nowhere. */
  readonly queries: number;
  /** Mean average precision over the whole database, in expectation over the orders of equally distant items. */
  readonly meanAveragePrecision: number;
  /** mAP@K divided by min(R, K), in expectation; NaN without `cutoff`. */
  readonly meanAveragePrecisionAtCutoff: number;
  /** By N, in expectation. */
  readonly precisionAt: Readonly<Record<number, number>>;
  readonly recallAt: Readonly<Record<number, number>>;
  /** Precision of the ball of the radius; an empty ball counts 0. */
  readonly precisionWithinRadius: number;
  /** Share of queries whose ball is empty, 0 … 1. */
  readonly emptyBalls: number;
  /** Mean precision and recall of the ball of every radius 0 … bits. */
  readonly precisionByRadius: Float64Array;
  readonly recallByRadius: Float64Array;
}

/**
 * How well the ranking by Hamming distance finds what is relevant.
 *
 * Short codes leave large groups at one distance: every measure is its expectation under a random order within a group, so it does not depend
 * on the order of the database. Other conventions (ties by place, division by what was found) are those of `averagePrecision` in
 * `@tensor-papers/numerics/metrics`.
 *
 * @throws CodeShapeError, HashOptionError
 * @example
 * const { meanAveragePrecision } = evaluate({ queryCodes, dbCodes, relevance: { queryLabels, databaseLabels } });
 */
export function evaluate(input: EvaluationInput, options: EvaluationOptions = {}): Evaluation {
  const { queryCodes, dbCodes, relevance, self } = optionsOf('evaluate', input, '{ queryCodes, dbCodes, relevance }');
  const { cutoff, at = [], radius = 2 } = optionsOf('evaluate', options);
  requireCodes('evaluate: queryCodes', queryCodes);
  requireCodes('evaluate: dbCodes', dbCodes, queryCodes.bits);
  if (queryCodes.n === 0 || dbCodes.n === 0) {
    throw new CodeShapeError(
      `evaluate: expected at least one query and one item, got ${queryCodes.n} and ${dbCodes.n}`,
    );
  }
  if (self !== undefined && self !== null) requireSelf(self, queryCodes.n, dbCodes.n);
  if (cutoff !== undefined) requireInteger('evaluate', 'cutoff', cutoff, 1);
  lengthOf('evaluate: at', at);
  for (const n of at) requireInteger('evaluate', 'at', n, 1);
  requireInteger('evaluate', 'radius', radius, 0);
  const { bits } = dbCodes;
  const fill = relevanceOf(relevance, queryCodes.n, dbCodes.n);
  const distances = new Uint16Array(dbCodes.n);
  const relevant = new Uint8Array(dbCodes.n);
  const sums = { map: 0, mapAtCutoff: 0, within: 0, empty: 0 };
  const precisionByRadius = new Float64Array(bits + 1);
  const recallByRadius = new Float64Array(bits + 1);
  const precisionAt: Record<number, number> = {};
  const recallAt: Record<number, number> = {};
  let queries = 0;
  for (let q = 0; q < queryCodes.n; q++) {
    hammingAll(wordsAt(queryCodes, q), dbCodes, distances);
    fill(q, relevant);
    const counts = radiusCounts(distances, relevant, bits);
    const own = self?.[q] ?? -1;
    if (own >= 0) {
      counts.items[distances[own]!]!--;
      if (relevant[own]) counts.relevant[distances[own]!]!--;
    }
    const ap = expectedAveragePrecision(counts);
    if (Number.isNaN(ap)) continue;
    queries++;
    sums.map += ap;
    if (cutoff !== undefined) sums.mapAtCutoff += expectedAveragePrecision(counts, cutoff);
    const all = counts.relevant.reduce((sum, count) => sum + count, 0);
    for (const n of at) {
      const precision = expectedPrecisionAt(counts, n);
      precisionAt[n] = (precisionAt[n] ?? 0) + precision;
      recallAt[n] = (recallAt[n] ?? 0) + (precision * n) / all;
    }
    const { precision, recall } = precisionRecallByRadius(counts);
    const ball = Math.min(radius, bits);
    sums.within += precision[ball]!;
    let inside = 0;
    for (let d = 0; d <= ball; d++) inside += counts.items[d]!;
    if (inside === 0) sums.empty++;
    for (let d = 0; d <= bits; d++) {
      precisionByRadius[d]! += precision[d]!;
      recallByRadius[d]! += recall[d]!;
    }
  }
  const mean = (sum: number) => sum / queries;
  const means = (record: Record<number, number>) =>
    Object.fromEntries(Object.entries(record).map(([n, sum]) => [n, mean(sum)]));
  return {
    queries,
    meanAveragePrecision: mean(sums.map),
    meanAveragePrecisionAtCutoff: cutoff === undefined ? Number.NaN : mean(sums.mapAtCutoff),
    precisionAt: means(precisionAt),
    recallAt: means(recallAt),
    precisionWithinRadius: mean(sums.within),
    emptyBalls: mean(sums.empty),
    precisionByRadius: precisionByRadius.map(mean),
    recallByRadius: recallByRadius.map(mean),
  };
}

function requireSelf(self: ArrayLike<number>, queries: number, items: number): void {
  const given = lengthOf('evaluate: self', self);
  if (given !== queries) {
    throw new HashOptionError(`evaluate: self: expected one place for each of ${queries} queries, got ${given}`);
  }
  for (let q = 0; q < queries; q++) {
    if (Number.isSafeInteger(self[q]) && self[q]! >= -1 && self[q]! < items) continue;
    throw new HashOptionError(
      `evaluate: self: expected places 0 … ${items - 1} in the database, or −1, got ${shown(self[q])} for query ${q}`,
    );
  }
}

/** Fills the flags of a query. */
function relevanceOf(relevance: Relevance, queries: number, items: number): (query: number, out: Uint8Array) => void {
  if (typeof relevance === 'function') {
    return (query, out) => {
      for (let i = 0; i < items; i++) out[i] = relevance(query, i) ? 1 : 0;
    };
  }
  const given = optionsOf('evaluate: relevance', relevance, '{ queryLabels, databaseLabels }');
  if ('neighbors' in given) {
    const { neighbors } = given;
    const lists = lengthOf('evaluate: neighbors', neighbors);
    if (lists !== queries) {
      throw new HashOptionError(`evaluate: neighbors: expected a list for each of ${queries} queries, got ${lists}`);
    }
    return (query, out) => {
      out.fill(0);
      const list = neighbors[query]!;
      const length = lengthOf(`evaluate: neighbors of query ${query}`, list);
      for (let i = 0; i < length; i++) {
        const place = list[i]!;
        if (!Number.isSafeInteger(place) || place < 0 || place >= items) {
          throw new HashOptionError(
            `evaluate: neighbors of query ${query}: expected places 0 … ${items - 1}, got ${shown(place)}`,
          );
        }
        out[place] = 1;
      }
    };
  }
  const { queryLabels, databaseLabels } = given;
  const [ofQueries, ofItems] = [
    lengthOf('evaluate: queryLabels', queryLabels),
    lengthOf('evaluate: databaseLabels', databaseLabels),
  ];
  if (ofQueries !== queries || ofItems !== items) {
    throw new HashOptionError(
      `evaluate: expected ${queries} labels of queries and ${items} of the database, got ${ofQueries} and ${ofItems}`,
    );
  }
  return (query, out) => {
    for (let i = 0; i < items; i++) out[i] = databaseLabels[i] === queryLabels[query] ? 1 : 0;
  };
}
