import { requireCount } from './checks.js';
import { MetricOptionError } from './errors.js';
import { type Ranking, type RankingOptions, rank, requireChoice } from './ranking.js';

/** Options of {@link averagePrecision}. */
export interface AveragePrecisionOptions extends Omit<RankingOptions, 'ties'> {
  /** As in `RankingOptions`; `'grouped'` lets equal scores enter together, as one step of the precision-recall curve. */
  readonly ties?: 'expected' | 'index' | 'grouped';
  /** AP@k: only ranks 1 … k count. Default: all of them. Not for `'grouped'`. */
  readonly cutoff?: number;
  /**
   * What AP@k is divided by: `'relevant'` (default) min(k, R), R the relevant items of the whole list, so that 1 is reached
   * exactly by the best ranking; `'found'` the relevant items among the first k, as some hashing code does: larger, and blind
   * to what was missed. With ties the latter is random, so it asks for `ties: 'index'`.
   */
  readonly divideBy?: 'relevant' | 'found';
}

export function requireAveragePrecisionOptions(
  ties: 'expected' | 'index' | 'grouped',
  cutoff: number | undefined,
  divideBy: 'relevant' | 'found',
): void {
  requireChoice('divideBy', divideBy, ['relevant', 'found']);
  if (cutoff !== undefined) requireCount('cutoff', cutoff);
  if (cutoff !== undefined && ties === 'grouped') {
    throw new MetricOptionError("cutoff: expected none with ties: 'grouped', which may straddle it; use 'expected'");
  }
  if (divideBy === 'found' && ties !== 'index') {
    throw new MetricOptionError("divideBy: 'found' depends on the order of ties; choose it with ties: 'index'");
  }
}

/** AP of a ranking, its groups in expectation over their orders; NaN without a relevant item. */
export function averagePrecisionOf(
  { groups, size, relevant, totalRelevant }: Ranking,
  cutoff = Number.POSITIVE_INFINITY,
  divideBy: 'relevant' | 'found' = 'relevant',
): number {
  if (totalRelevant === 0) return Number.NaN;
  let before = 0;
  let found = 0;
  let sum = 0;
  for (let group = 0; group < groups && before < cutoff; group++) {
    const n = size[group]!;
    const r = relevant[group]!;
    if (r > 0) {
      // An item at place t of the group is relevant with probability r/n; given that, (r − 1)/(n − 1) of the t − 1 before it are.
      const density = n > 1 ? (r - 1) / (n - 1) : 0;
      const reach = Math.min(n, cutoff - before);
      let precision = 0;
      for (let t = 1; t <= reach; t++) precision += (found + 1 + (t - 1) * density) / (before + t);
      sum += (precision * r) / n;
    }
    before += n;
    found += r;
  }
  if (divideBy === 'found') return found === 0 ? 0 : sum / found;
  return sum / Math.min(cutoff, totalRelevant);
}

function groupedAveragePrecision({ groups, size, relevant, totalRelevant }: Ranking): number {
  let before = 0;
  let found = 0;
  let sum = 0;
  for (let group = 0; group < groups; group++) {
    before += size[group]!;
    found += relevant[group]!;
    sum += (relevant[group]! * found) / before;
  }
  return sum / totalRelevant;
}

/**
 * Average precision of a ranking: AP = 1/R Σ_{ranks t of relevant items} P@t, with P@t the share of relevant items among the
 * first t and R their number; not interpolated.
 *
 * Equal scores: for a group of n items, r of them relevant, behind n₀ items, r₀ of them relevant, `'expected'` takes
 * Σ_{t=1…n} r/n · (r₀ + 1 + (t − 1)(r − 1)/(n − 1)) / (n₀ + t), the exact mean over the orders of the group; `'grouped'` takes
 * r · (r₀ + r)/(n₀ + n), which is Σ (recall step) · precision over thresholds.
 *
 * @param scores `[n]`, NaN excluded
 * @param relevant `[n]` of 0 and 1 or false and true
 * @returns a value in [0, 1]; NaN where nothing is relevant
 * @throws ScoreError, MetricLabelError, MetricLengthError, EmptyMetricError, MetricOptionError
 * @example
 * averagePrecision([0.9, 0.8, 0.7], [1, 0, 1]); // (1/1 + 2/3) / 2
 * averagePrecision([0, 1, 1, 2], [0, 1, 0, 1], { better: 'lower' }); // 0.4583, the mean of two orders
 */
export function averagePrecision(
  scores: ArrayLike<number>,
  relevant: ArrayLike<number | boolean>,
  { better = 'higher', ties = 'expected', cutoff, divideBy = 'relevant' }: AveragePrecisionOptions = {},
): number {
  requireChoice('ties', ties, ['expected', 'index', 'grouped']);
  requireAveragePrecisionOptions(ties, cutoff, divideBy);
  const ranking = rank(scores, relevant, { better, ties: ties === 'grouped' ? 'expected' : ties });
  return ties === 'grouped' ? groupedAveragePrecision(ranking) : averagePrecisionOf(ranking, cutoff, divideBy);
}
