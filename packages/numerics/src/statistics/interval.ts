/** A point estimate with its confidence interval. */
export interface Interval {
  /** The estimate: the mean, a proportion, or the value of the statistic that was asked for. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Number of samples (of pairs, of trials; of both samples together where there are two). */
  readonly n: number;
  readonly method: 't' | 'welch' | 'bootstrap' | 'bca' | 'wilson';
}

/** Options that all intervals share. */
export interface IntervalOptions {
  /** Confidence level in (0, 1). Default 0.95. */
  readonly level?: number;
}
