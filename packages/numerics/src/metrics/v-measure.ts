import { contingency, entropy, mutualInformation } from './contingency.js';
import { MetricOptionError } from './errors.js';

/** Options of {@link vMeasure}. */
export interface VMeasureOptions {
  /** Above 1 completeness weighs more, below 1 homogeneity. At least 0; default 1. */
  readonly beta?: number;
}

/** What {@link vMeasure} returns. */
export interface VMeasure {
  /** 1 − H(class | cluster)/H(class): 1 where no cluster holds two classes. */
  readonly homogeneity: number;
  /** 1 − H(cluster | class)/H(cluster): 1 where no class is spread over two clusters. */
  readonly completeness: number;
  /** (1 + β) h c / (β h + c); with β = 1 the NMI with arithmetic mean. */
  readonly vMeasure: number;
}

/**
 * Homogeneity, completeness and their weighted harmonic mean.
 *
 * Source: Rosenberg and Hirschberg, V-Measure, 2007.
 *
 * @param clusters `[n]` cluster ids, any integers
 * @param classes `[n]` true class ids, any integers
 * @returns values in [0, 1]; homogeneity is 1 where there is one class only, completeness where there is one cluster only
 * @throws MetricLabelError, MetricLengthError, EmptyMetricError, MetricOptionError
 */
export function vMeasure(
  clusters: ArrayLike<number>,
  classes: ArrayLike<number>,
  { beta = 1 }: VMeasureOptions = {},
): VMeasure {
  if (!(beta >= 0 && beta < Number.POSITIVE_INFINITY)) {
    throw new MetricOptionError(`beta: expected a finite number of at least 0, got ${beta}`);
  }
  const table = contingency(clusters, classes, ['clusters', 'classes']);
  const information = mutualInformation(table);
  const share = (total: number) => (total === 0 ? 1 : Math.min(1, information / total));
  const homogeneity = share(entropy(table.sizesB, table.examples));
  const completeness = share(entropy(table.sizesA, table.examples));
  const sum = beta * homogeneity + completeness;
  return { homogeneity, completeness, vMeasure: sum === 0 ? 0 : ((1 + beta) * homogeneity * completeness) / sum };
}
