import type { Matrix } from '@tensor-papers/numerics/linalg';

/** The mean of every column, `[d]`. */
export function columnMeans({ rows, columns, values }: Matrix): Float64Array {
  const means = new Float64Array(columns);
  for (let i = 0; i < values.length; i++) means[i % columns]! += values[i]!;
  return means.map((sum) => sum / rows);
}
