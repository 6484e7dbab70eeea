import { magnitude } from './magnitude.js';

/** Steps that even badly scaled matrices do not need. */
const MOST_STEPS = 20;

/** A pivot so small beside the largest entry says that the matrix lacks rank, as far as rounding lets one tell. */
const NO_PIVOT = 1e-12;

/** The error is squared by a step: a change as small as that leaves none. */
const CONVERGED = 1e-9;

/**
 * The orthogonal factor of a square matrix by Newton's iteration X ← (γX + (γX)⁻ᵀ)/2, X₀ = A (Higham, 1986), several times faster than
 * singular values.
 *
 * @param a `[d × d]`
 * @returns `[d × d]`, or undefined where A lacks rank or nearly does
 */
export function polarIteration(a: Float64Array, d: number): Float64Array | undefined {
  // Norms of very large entries would overflow.
  const size = magnitude(a);
  let x = a.map((value) => value / size);
  for (let step = 0; step < MOST_STEPS; step++) {
    const inverse = inverted(x, d);
    if (!inverse) return undefined;
    const scale = (normProduct(inverse, d) / normProduct(x, d)) ** 0.25;
    const next = new Float64Array(d * d);
    let [change, squares] = [0, 0];
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        const value = (scale * x[i * d + j]! + inverse[j * d + i]! / scale) / 2;
        change += (value - x[i * d + j]!) ** 2;
        squares += value ** 2;
        next[i * d + j] = value;
      }
    }
    x = next;
    if (change <= CONVERGED ** 2 * squares) return x;
  }
  return undefined;
}

/** Gauss and Jordan's elimination with row pivots. */
function inverted(matrix: Float64Array, d: number): Float64Array | undefined {
  const a = Float64Array.from(matrix);
  const least = NO_PIVOT * a.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const swapped = new Int32Array(d);
  const row = new Float64Array(d);
  for (let k = 0; k < d; k++) {
    let pivot = k;
    for (let i = k + 1; i < d; i++) if (Math.abs(a[i * d + k]!) > Math.abs(a[pivot * d + k]!)) pivot = i;
    const value = a[pivot * d + k]!;
    if (!(Math.abs(value) > least)) return undefined;
    swapped[k] = pivot;
    if (pivot !== k) swapRows(a, d, pivot, k);
    a[k * d + k] = 1;
    for (let j = 0; j < d; j++) row[j] = a[k * d + j]! / value;
    // The pivot's own row, too, which is then put back.
    let i = 0;
    for (; i + 3 < d; i += 4) takeOffFour(a, d, i, k, row);
    for (; i < d; i++) takeOff(a, d, i, k, row);
    a.set(row, k * d);
  }
  // A swap of rows of the matrix is one of columns of its inverse.
  for (let k = d - 1; k >= 0; k--) {
    const other = swapped[k]!;
    if (other === k) continue;
    for (let at = 0; at < d * d; at += d) [a[at + k], a[at + other]] = [a[at + other]!, a[at + k]!];
  }
  return a;
}

function takeOff(a: Float64Array, d: number, i: number, k: number, row: Float64Array): void {
  const factor = a[i * d + k]!;
  a[i * d + k] = 0;
  for (let j = 0, at = i * d; j < d; j++, at++) a[at]! -= factor * row[j]!;
}

/** Four rows at a time, which share what they load. */
function takeOffFour(a: Float64Array, d: number, i: number, k: number, row: Float64Array): void {
  let first = i * d;
  let second = first + d;
  let third = second + d;
  let fourth = third + d;
  const [f0, f1, f2, f3] = [a[first + k]!, a[second + k]!, a[third + k]!, a[fourth + k]!];
  a[first + k] = 0;
  a[second + k] = 0;
  a[third + k] = 0;
  a[fourth + k] = 0;
  for (let j = 0; j < d; j++, first++, second++, third++, fourth++) {
    const value = row[j]!;
    a[first]! -= f0 * value;
    a[second]! -= f1 * value;
    a[third]! -= f2 * value;
    a[fourth]! -= f3 * value;
  }
}

function swapRows(a: Float64Array, d: number, i: number, k: number): void {
  for (let j = 0; j < d; j++) [a[i * d + j], a[k * d + j]] = [a[k * d + j]!, a[i * d + j]!];
}

/** ‖A‖₁·‖A‖∞: the largest sum of absolute values of a column, times that of a row. */
function normProduct(a: Float64Array, d: number): number {
  const columns = new Float64Array(d);
  let largestRow = 0;
  for (let i = 0; i < d; i++) {
    let row = 0;
    for (let j = 0; j < d; j++) {
      const value = Math.abs(a[i * d + j]!);
      row += value;
      columns[j]! += value;
    }
    largestRow = Math.max(largestRow, row);
  }
  return largestRow * columns.reduce((largest, value) => Math.max(largest, value), 0);
}
