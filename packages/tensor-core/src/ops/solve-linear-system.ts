/** A pivot below this share of the largest coefficient counts as 0. */
const SINGULAR = 1e-10;

/**
 * Solves A·X = B by Gaussian elimination with partial pivoting, in float64.
 *
 * @param matrix A, n rows of n
 * @param right B, n rows of m
 * @returns X, n rows of m, or null for a singular A
 */
export function solveLinearSystem(
  matrix: readonly (readonly number[])[],
  right: readonly (readonly number[])[],
): number[][] | null {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...right[i]!]);
  const scale = Math.max(...matrix.flat().map(Math.abs));
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let i = column + 1; i < n; i++) {
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const top = rows[column]!;
    if (!(Math.abs(top[column]!) > SINGULAR * scale)) return null;
    for (let i = 0; i < n; i++) {
      if (i === column) continue;
      const row = rows[i]!;
      const factor = row[column]! / top[column]!;
      for (let j = column; j < row.length; j++) row[j]! -= factor * top[j]!;
    }
  }
  return rows.map((row, i) => row.slice(n).map((value) => value / row[i]!));
}
