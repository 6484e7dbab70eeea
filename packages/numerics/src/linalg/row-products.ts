/** How many terms of a dot product are taken at once, and how many rows of b meanwhile stay in the cache. */
const TERMS = 256;
const TILE = 64;

/** The size of a product of the rows of two arrays. */
export interface RowProductsSize {
  /** Rows of a. */
  readonly m: number;
  /** Rows of b. */
  readonly n: number;
  /** Length of a row. */
  readonly k: number;
}

/**
 * Adds A·Bᵀ, all dot products of rows of a and rows of b, to out.
 *
 * @param a `[m × k]`
 * @param b `[n × k]`
 * @param out `[m × n]`
 * @param lower only where the row is not above the column (some entries above it are written, and mean nothing)
 */
export function addRowProducts(
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  { m, n, k }: RowProductsSize,
  lower = false,
): void {
  for (let from = 0; from < k; from += TERMS) {
    const to = Math.min(k, from + TERMS);
    for (let tile = 0; tile < n; tile += TILE) {
      const tileEnd = Math.min(n, tile + TILE);
      for (let i = lower ? tile - (tile % 2) : 0; i < m; i += 2) {
        const last = lower ? Math.min(tileEnd, i + 2) : tileEnd;
        let j = tile;
        if (i + 1 < m) for (; j + 3 < last; j += 4) addTwoByFour(a, b, out, i, j, n, k, from, to);
        for (; j < last; j++) {
          addOne(a, b, out, i, j, n, k, from, to);
          if (i + 1 < m) addOne(a, b, out, i + 1, j, n, k, from, to);
        }
      }
    }
  }
}

function addOne(
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  i: number,
  j: number,
  n: number,
  k: number,
  from: number,
  to: number,
): void {
  let sum = 0;
  for (let p = i * k + from, q = j * k + from, end = i * k + to; p < end; p++, q++) sum += a[p]! * b[q]!;
  out[i * n + j]! += sum;
}

/** Two rows of a by four of b: eight sums stay in registers, six loads make eight products. */
function addTwoByFour(
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  i: number,
  j: number,
  n: number,
  k: number,
  from: number,
  to: number,
): void {
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let p = i * k + from;
  let q = j * k + from;
  for (const end = i * k + to; p < end; p++, q++) {
    const a0 = a[p]!;
    const a1 = a[p + k]!;
    const b0 = b[q]!;
    const b1 = b[q + k]!;
    const b2 = b[q + 2 * k]!;
    const b3 = b[q + 3 * k]!;
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
  }
  const first = i * n + j;
  const second = first + n;
  out[first]! += s00;
  out[first + 1]! += s01;
  out[first + 2]! += s02;
  out[first + 3]! += s03;
  out[second]! += s10;
  out[second + 1]! += s11;
  out[second + 2]! += s12;
  out[second + 3]! += s13;
}
