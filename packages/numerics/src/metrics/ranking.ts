import { stableOrder } from '../statistics/stable-order.js';
import { requireFlags, requireScores } from './checks.js';
import { EmptyMetricError, MetricOptionError } from './errors.js';

/** Options of all measures of a ranking. */
export interface RankingOptions {
  /** What ranks first: `'higher'` scores (similarities, the default) or `'lower'` ones (distances). */
  readonly better?: 'higher' | 'lower';
  /**
   * How equal scores rank.
   *
   * - `'expected'` (default): the mean of the measure over all orders of the equal items, in closed form. Right for Hamming
   *   distances and other scores with many ties: the value depends on nothing but scores and relevance.
   * - `'index'`: in the order in which the items are given, like a stable sort.
   */
  readonly ties?: 'expected' | 'index';
}

/** A ranking cut into groups that rank together: group g holds `size[g]` items, `relevant[g]` of them relevant. */
export interface Ranking {
  readonly groups: number;
  readonly size: Int32Array;
  readonly relevant: Int32Array;
  readonly items: number;
  readonly totalRelevant: number;
}

export function requireChoice<T extends string>(name: string, value: T, choices: readonly T[]): void {
  if (!choices.includes(value)) {
    throw new MetricOptionError(`${name}: expected ${choices.map((c) => `'${c}'`).join(' or ')}, got ${value}`);
  }
}

/** The ranking of items that were checked already; without ties, every group is one item. */
export function uncheckedRanking(
  scores: ArrayLike<number>,
  relevant: ArrayLike<number>,
  better: 'higher' | 'lower',
  joinEqual: boolean,
): Ranking {
  const items = scores.length;
  const order = stableOrder(scores, better === 'higher');
  const size = new Int32Array(items);
  const relevantOf = new Int32Array(items);
  let group = -1;
  let totalRelevant = 0;
  let last = Number.NaN;
  for (let rank = 0; rank < items; rank++) {
    const item = order[rank]!;
    const score = scores[item]!;
    if (!joinEqual || score !== last) group++;
    last = score;
    size[group]!++;
    if (relevant[item]) {
      relevantOf[group]!++;
      totalRelevant++;
    }
  }
  return { groups: group + 1, size, relevant: relevantOf, items, totalRelevant };
}

/** Checks and ranks. */
export function rank(
  scores: ArrayLike<number>,
  relevant: ArrayLike<number | boolean>,
  { better = 'higher', ties = 'expected' }: RankingOptions,
): Ranking {
  requireChoice('better', better, ['higher', 'lower']);
  requireChoice('ties', ties, ['expected', 'index']);
  if (scores.length === 0) throw new EmptyMetricError('expected at least one item to rank, got none');
  const flags = requireFlags(relevant, scores.length, 'relevant');
  requireScores(scores);
  return uncheckedRanking(scores, flags, better, ties === 'expected');
}
