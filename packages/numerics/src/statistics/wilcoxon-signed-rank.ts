import { requireSameLength, requireSamples } from './checks.js';
import { StatisticsOptionError } from './errors.js';
import { uncheckedMidRanks } from './mid-ranks.js';
import { normalCdf } from './normal.js';

/** Up to this many differences the null distribution is enumerated. */
const exactUpTo = 25;

/** Options of {@link wilcoxonSignedRank}. */
export interface WilcoxonOptions {
  /** Whether a is thought to be different from b (default), greater, or less. */
  readonly alternative?: 'two-sided' | 'greater' | 'less';
}

/** What {@link wilcoxonSignedRank} returns. */
export interface WilcoxonSignedRank {
  /** W⁺: the sum of the ranks of positive differences. */
  readonly statistic: number;
  readonly pValue: number;
  /** Number of differences that are not 0. */
  readonly n: number;
  readonly method: 'exact' | 'normal';
}

/** P(W⁺ ≤ w) and P(W⁺ ≥ w) where every sign is a fair coin; ranks and w doubled, so that mid-ranks are integers. */
function exactTails(doubledRanks: number[], doubled: number): [number, number] {
  const total = doubledRanks.reduce((sum, rank) => sum + rank, 0);
  const ways = new Float64Array(total + 1);
  ways[0] = 1;
  let reach = 0;
  for (const rank of doubledRanks) {
    for (let sum = reach; sum >= 0; sum--) ways[sum + rank]! += ways[sum]!;
    reach += rank;
  }
  const all = 2 ** doubledRanks.length;
  let below = 0;
  for (let sum = 0; sum <= doubled; sum++) below += ways[sum]!;
  return [below / all, (all - below + ways[doubled]!) / all];
}

/** The same by the normal distribution with the variance Σ rank²/4, which allows for ties; no continuity correction. */
function normalTails(ranks: Float64Array, statistic: number): [number, number] {
  const n = ranks.length;
  const squares = ranks.reduce((sum, rank) => sum + rank * rank, 0);
  const z = (statistic - (n * (n + 1)) / 4) / Math.sqrt(squares / 4);
  return [normalCdf(z), normalCdf(-z)];
}

/**
 * Wilcoxon's signed-rank test of pairs: are the differences a_i − b_i symmetric about 0?
 *
 * Differences of 0 are left out (Wilcoxon 1945); equal sizes share the mean of their ranks. With at most 25 differences the
 * p-value is exact, ties included: all 2ⁿ choices of signs count. Above that it is normal with the variance corrected for ties,
 * without continuity correction. Values that are equal on paper (0.3 − 0.2, 0.2 − 0.1) may differ in floating point: round first
 * where ties matter.
 *
 * @returns p-value 1 where all differences are 0
 * @throws TooFewSamplesError for no pair; SampleLengthError; NonFiniteSampleError; StatisticsOptionError
 */
export function wilcoxonSignedRank(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { alternative = 'two-sided' }: WilcoxonOptions = {},
): WilcoxonSignedRank {
  requireSameLength('wilcoxonSignedRank', a, b);
  requireSamples('wilcoxonSignedRank: a', a);
  requireSamples('wilcoxonSignedRank: b', b);
  if (alternative !== 'two-sided' && alternative !== 'greater' && alternative !== 'less') {
    throw new StatisticsOptionError(
      `wilcoxonSignedRank: alternative: expected 'two-sided', 'greater' or 'less', got ${String(alternative)}`,
    );
  }
  const differences = Float64Array.from(a, (value, i) => value - b[i]!).filter((difference) => difference !== 0);
  const n = differences.length;
  const ranks = uncheckedMidRanks(differences.map(Math.abs));
  const statistic = ranks.reduce((sum, rank, i) => (differences[i]! > 0 ? sum + rank : sum), 0);
  const exact = n <= exactUpTo;
  const [less, greater] = exact
    ? exactTails(
        Array.from(ranks, (rank) => 2 * rank),
        2 * statistic,
      )
    : normalTails(ranks, statistic);
  const pValue =
    alternative === 'less' ? less : alternative === 'greater' ? greater : Math.min(1, 2 * Math.min(less, greater));
  return { statistic, pValue, n, method: exact ? 'exact' : 'normal' };
}
