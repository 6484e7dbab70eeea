/** A symmetric tridiagonal matrix; entry i of `offDiagonal` couples i and i + 1. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  readonly offDiagonal: Float64Array;
}

/** The largest of the sums of absolute values of a row. */
export function tridiagonalNorm({ diagonal, offDiagonal }: Tridiagonal): number {
  let norm = 0;
  for (let i = 0; i < diagonal.length; i++) {
    const beside = Math.abs(offDiagonal[i - 1] ?? 0) + Math.abs(offDiagonal[i] ?? 0);
    norm = Math.max(norm, Math.abs(diagonal[i]!) + beside);
  }
  return norm;
}

/**
 * The largest eigenvalues of a symmetric tridiagonal matrix, in descending order, by bisection on Sturm counts: as many eigenvalues lie
 * below x as pivots of T − x are negative. Each is right to a few units of rounding of the matrix' norm.
 */
export function largestEigenvalues(matrix: Tridiagonal, count: number): Float64Array {
  const n = matrix.diagonal.length;
  const norm = tridiagonalNorm(matrix);
  const squares = Float64Array.from(matrix.offDiagonal, (value) => value * value);
  const smallest = Math.max(Number.MIN_VALUE / Number.EPSILON, norm * norm * 1e-300);
  const values = new Float64Array(count);
  let high = norm;
  for (let i = 0; i < count; i++) {
    const above = n - 1 - i; // as many eigenvalues are smaller
    let low = -norm;
    let top = high;
    // Ends with NaN, too.
    while (top - low > Number.EPSILON * norm) {
      const middle = low + (top - low) / 2;
      if (middle <= low || middle >= top) break;
      if (countBelow(matrix.diagonal, squares, middle, smallest) > above) top = middle;
      else low = middle;
    }
    values[i] = low + (top - low) / 2;
    high = top;
  }
  return values;
}

function countBelow(diagonal: Float64Array, squares: Float64Array, x: number, smallest: number): number {
  let count = 0;
  let pivot = diagonal[0]! - x;
  for (let i = 0; ; i++) {
    if (Math.abs(pivot) < smallest) pivot = -smallest;
    if (pivot < 0) count++;
    if (i === squares.length) return count;
    pivot = diagonal[i + 1]! - x - squares[i]! / pivot;
  }
}
