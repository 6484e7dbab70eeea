import type { ClaimResult, Result } from '@tensor-papers/workbench';

/** The least-squares slope of values at 0, 1, 2, … */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const products = values.map((value, index) => (index - middle) * (value - mean));
  const squares = values.map((_, index) => (index - middle) ** 2);
  return products.reduce((sum, value) => sum + value, 0) / squares.reduce((sum, value) => sum + value, 0);
}

/**
 * The effect in every seed, in the unit of the metric: treatment − control, or the slope over the arms of a trend.
 * Empty where an arm or a value is missing, and for exact claims, which have no mean.
 */
export function pairedDifferences(
  { kind, compare, metric }: Pick<ClaimResult, 'kind' | 'compare' | 'metric'>,
  { arms, seeds }: Pick<Result, 'arms' | 'seeds'>,
): number[] {
  const columns = compare.map((arm) => arms[arm]?.[metric]);
  const rows = seeds.map((_, seed) => columns.map((column) => column?.[seed] ?? Number.NaN));
  if (kind === 'exact' || !rows.every((values) => values.every(Number.isFinite))) return [];
  return rows.map((values) => (kind === 'trend' ? slope(values) : values[0]! - values[1]!));
}
