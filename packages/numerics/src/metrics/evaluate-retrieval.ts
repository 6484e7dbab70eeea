import { averagePrecisionOf, requireAveragePrecisionOptions } from './average-precision.js';
import { requireCount, requireScores } from './checks.js';
import { meanOfDefined } from './class-counts.js';
import { EmptyMetricError, MetricLabelError, MetricLengthError, MetricOptionError } from './errors.js';
import { hitOf } from './hit-at-k.js';
import { foundWithin } from './precision-at-k.js';
import { type RankingOptions, requireChoice, uncheckedRanking } from './ranking.js';

/** Which item is relevant to which query: equal labels, or what a function says. */
export type Relevance =
  | {
      /** `[queries]` class ids of at least 0. */
      readonly queryLabels: ArrayLike<number>;
      /** `[items]` class ids. Left out: the queries are the items, and no query finds itself. */
      readonly itemLabels?: ArrayLike<number>;
    }
  | {
      readonly queries: number;
      readonly items: number;
      readonly relevant: (query: number, item: number) => boolean;
    };

/** Options of {@link evaluateRetrieval}. */
export interface RetrievalOptions extends RankingOptions {
  /** Leaves item i out of the ranking of query i. Default: true where `itemLabels` is left out, else false. */
  readonly excludeSelf?: boolean;
  /** The ks of `precisionAt`, `recallAt` and `hitAt`. Default `[1]`. */
  readonly at?: readonly number[];
  /** mAP@k instead of mAP, as in `averagePrecision`. */
  readonly cutoff?: number;
  /** As in `averagePrecision`. Default `'relevant'`. */
  readonly divideBy?: 'relevant' | 'found';
  /** What queries without any relevant item count: nothing (`'skip'`, the default) or 0 in every measure (`'zero'`). */
  readonly withoutRelevant?: 'skip' | 'zero';
}

/** The measures of one query, or their means over queries. */
interface Measures<T> {
  readonly averagePrecision: T;
  readonly averagePrecisionAtR: T;
  readonly rPrecision: T;
  /** For each k of `at`: see `precisionAtK`. */
  readonly precisionAt: T[];
  /** For each k of `at`: the share of relevant items found, see `recallAtK`. */
  readonly recallAt: T[];
  /** For each k of `at`: whether any is found (Recall@k of metric learning), see `hitAtK`. */
  readonly hitAt: T[];
}

/** Means over the queries that count: mAP is `averagePrecision`, MAP@R `averagePrecisionAtR`. NaN where no query counts. */
export interface RetrievalScores extends Measures<number> {
  /** How many queries count. */
  readonly queries: number;
  readonly at: readonly number[];
  /** `[queries]` values, NaN for skipped ones: what a bootstrap over queries needs. */
  readonly perQuery: Measures<Float64Array>;
}

function requireIds(labels: ArrayLike<number>, what: string): void {
  for (let i = 0; i < labels.length; i++) {
    if (!Number.isSafeInteger(labels[i]) || labels[i]! < 0) {
      throw new MetricLabelError(
        `${what}[${i}]: expected a class id of at least 0, got ${labels[i]}; leave what has no label out`,
      );
    }
  }
}

function readRelevance(relevance: Relevance) {
  if ('relevant' in relevance) {
    requireCount('queries', relevance.queries);
    requireCount('items', relevance.items);
    return { ...relevance, same: false };
  }
  const { queryLabels, itemLabels = queryLabels } = relevance;
  requireIds(queryLabels, 'queryLabels');
  requireIds(itemLabels, 'itemLabels');
  return {
    queries: queryLabels.length,
    items: itemLabels.length,
    relevant: (query: number, item: number) => queryLabels[query] === itemLabels[item],
    same: relevance.itemLabels === undefined,
  };
}

function rowReader(scores: ArrayLike<number> | ((query: number) => ArrayLike<number>), queries: number, items: number) {
  if (typeof scores === 'function') {
    return (query: number, into: Float64Array) => {
      const row = scores(query);
      if (row.length !== items) {
        throw new MetricLengthError(`scores(${query}): expected ${items} scores, one an item, got ${row.length}`);
      }
      for (let i = 0; i < items; i++) into[i] = row[i]!;
    };
  }
  if (scores.length !== queries * items) {
    throw new MetricLengthError(`expected scores of ${queries} × ${items} (queries × items), got ${scores.length}`);
  }
  return (query: number, into: Float64Array) => {
    for (let i = 0; i < items; i++) into[i] = scores[query * items + i]!;
  };
}

/**
 * Retrieval measured from a matrix of similarities or distances between queries and items: mAP or mAP@k, MAP@R, R-precision,
 * precision, recall and hits at k. One sort a query, O(queries · items).
 *
 * @param scores `[queries × items]` row-major, or a function that returns the row of a query, so that the whole matrix need
 *   not exist at once; NaN excluded
 * @param relevance labels of queries and items, or a function
 * @returns means over queries, and the values of each
 * @throws ScoreError, MetricLabelError, MetricLengthError, EmptyMetricError, MetricOptionError
 * @example
 * const distances = Float32Array.of(0, 1, 4, 1, 0, 4, 4, 4, 0);
 * evaluateRetrieval(distances, { queryLabels: [0, 0, 1] }, { better: 'lower' }).hitAt; // [1]: two queries count
 */
export function evaluateRetrieval(
  scores: ArrayLike<number> | ((query: number) => ArrayLike<number>),
  relevance: Relevance,
  options: RetrievalOptions = {},
): RetrievalScores {
  const { queries, items, relevant, same } = readRelevance(relevance);
  const { better = 'higher', ties = 'expected', at = [1], cutoff, withoutRelevant = 'skip' } = options;
  const { divideBy = 'relevant', excludeSelf = same } = options;
  requireChoice('better', better, ['higher', 'lower']);
  requireChoice('ties', ties, ['expected', 'index']);
  requireChoice('withoutRelevant', withoutRelevant, ['skip', 'zero']);
  requireAveragePrecisionOptions(ties, cutoff, divideBy);
  for (const k of at) requireCount('at', k);
  if (queries === 0 || items === 0) {
    throw new EmptyMetricError(`expected at least one query and one item, got ${queries} and ${items}`);
  }
  if (excludeSelf && queries > items) {
    throw new MetricOptionError(`excludeSelf: expected query i to be item i, got ${queries} queries, ${items} items`);
  }

  const readRow = rowReader(scores, queries, items);
  const row = new Float64Array(items);
  const flags = new Uint8Array(items);
  const missing = withoutRelevant === 'zero' ? 0 : Number.NaN;
  const column = () => new Float64Array(queries).fill(missing);
  const columns = () => at.map(column);
  const perQuery: Measures<Float64Array> = {
    averagePrecision: column(),
    averagePrecisionAtR: column(),
    rPrecision: column(),
    precisionAt: columns(),
    recallAt: columns(),
    hitAt: columns(),
  };
  let counted = 0;
  for (let query = 0; query < queries; query++) {
    readRow(query, row);
    let candidates = 0;
    for (let item = 0; item < items; item++) {
      if (excludeSelf && item === query) continue;
      row[candidates] = row[item]!;
      flags[candidates++] = relevant(query, item) ? 1 : 0;
    }
    const candidateScores = row.subarray(0, candidates);
    requireScores(candidateScores, `scores of query ${query}`);
    const ranking = uncheckedRanking(candidateScores, flags, better, ties === 'expected');
    const total = ranking.totalRelevant;
    if (total > 0 || withoutRelevant === 'zero') counted++;
    if (total === 0) continue;
    perQuery.averagePrecision[query] = averagePrecisionOf(ranking, cutoff, divideBy);
    perQuery.averagePrecisionAtR[query] = averagePrecisionOf(ranking, total);
    perQuery.rPrecision[query] = foundWithin(ranking, total) / total;
    at.forEach((k, i) => {
      const found = foundWithin(ranking, k);
      perQuery.precisionAt[i]![query] = found / k;
      perQuery.recallAt[i]![query] = found / total;
      perQuery.hitAt[i]![query] = hitOf(ranking, k);
    });
  }
  return {
    queries: counted,
    at: [...at],
    averagePrecision: meanOfDefined(perQuery.averagePrecision),
    averagePrecisionAtR: meanOfDefined(perQuery.averagePrecisionAtR),
    rPrecision: meanOfDefined(perQuery.rPrecision),
    precisionAt: perQuery.precisionAt.map(meanOfDefined),
    recallAt: perQuery.recallAt.map(meanOfDefined),
    hitAt: perQuery.hitAt.map(meanOfDefined),
    perQuery,
  };
}
