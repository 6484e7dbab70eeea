/** A symmetric matrix as Q·T·Qᵀ with T tridiagonal and Q a product of reflections. */
export interface Tridiagonalization {
  readonly diagonal: Float64Array;
  /** T's entries beside the diagonal; entry i couples i and i + 1. */
  readonly offDiagonal: Float64Array;
  /** Turns eigenvectors of T, rows of `[k × n]`, into those of the matrix, in place. */
  readonly backTransform: (vectors: Float64Array, count: number) => void;
}

/**
 * Reduces a symmetric matrix to tridiagonal form by Householder reflections H = 1 − β·v·vᵀ (Golub and Van Loan, 2013, 8.3.1).
 *
 * The update of one reflection and the product for the next are one pass over the lower triangle, so that each entry is loaded once a step.
 *
 * @param a `[n × n]`, of which the lower triangle is read; overwritten
 */
export function tridiagonalize(a: Float64Array, n: number): Tridiagonalization {
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(Math.max(0, n - 1));
  const betas = new Float64Array(n);
  // The rank-2 update −(v·wᵀ + w·vᵀ) that is still to be made, and the next one.
  let v = new Float64Array(n);
  let w = new Float64Array(n);
  let nextV = new Float64Array(n);
  let nextW = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    diagonal[k] = a[k * n + k]! - 2 * v[k]! * w[k]!;
    if (k === n - 1) break;
    for (let i = k + 1; i < n; i++) nextV[i] = a[i * n + k]! - v[i]! * w[k]! - w[i]! * v[k]!;
    const { beta, head } = reflect(nextV, k + 1);
    betas[k] = beta;
    offDiagonal[k] = head;
    nextW.fill(0);
    updateAndMultiply(a, n, k + 1, v, w, nextV, nextW);
    let dot = 0;
    for (let i = k + 1; i < n; i++) dot += nextW[i]! * nextV[i]!;
    for (let i = k + 1; i < n; i++) nextW[i] = beta * (nextW[i]! - 0.5 * beta * dot * nextV[i]!);
    // The upper triangle is free: reflection k stands right of the diagonal in row k.
    for (let i = k + 1; i < n; i++) a[k * n + i] = nextV[i]!;
    [v, nextV] = [nextV, v];
    [w, nextW] = [nextW, w];
  }
  const backTransform = (vectors: Float64Array, count: number) => {
    for (let k = n - 2; k >= 0; k--) {
      for (let row = 0; row < count; row++) applyReflection(a, k * n, betas[k]!, vectors, row * n, k + 1, n);
    }
  };
  return { diagonal, offDiagonal, backTransform };
}

/** Makes v, from an index on, the vector of the reflection that maps it to (head, 0, …, 0). */
function reflect(v: Float64Array, from: number): { beta: number; head: number } {
  let scale = 0;
  for (let i = from + 1; i < v.length; i++) scale = Math.max(scale, Math.abs(v[i]!));
  const first = v[from]!;
  if (scale === 0) {
    v.fill(0, from);
    return { beta: 0, head: first };
  }
  scale = Math.max(scale, Math.abs(first));
  let squares = 0;
  for (let i = from; i < v.length; i++) {
    v[i]! /= scale;
    squares += v[i]! * v[i]!;
  }
  const length = Math.sqrt(squares);
  const sign = first < 0 ? -1 : 1;
  // The same sign on both sides of the sum: nothing cancels.
  v[from]! += sign * length;
  return { beta: 1 / (length * (length + Math.abs(first) / scale)), head: -sign * length * scale };
}

/**
 * A −= v·wᵀ + w·vᵀ on the lower triangle from an index on, and product += A·x with the result. Two rows at a time, which share what they load
 * of the vectors.
 */
function updateAndMultiply(
  a: Float64Array,
  n: number,
  from: number,
  v: Float64Array,
  w: Float64Array,
  x: Float64Array,
  product: Float64Array,
): void {
  let i = from;
  // An odd row first, so that pairs are left.
  if ((n - from) % 2 === 1) {
    const entry = a[i * n + i]! - 2 * v[i]! * w[i]!;
    a[i * n + i] = entry;
    product[i]! += entry * x[i]!;
    i++;
  }
  for (; i < n; i += 2) {
    const upper = i * n;
    const lower = upper + n;
    const v0 = v[i]!;
    const w0 = w[i]!;
    const x0 = x[i]!;
    const v1 = v[i + 1]!;
    const w1 = w[i + 1]!;
    const x1 = x[i + 1]!;
    let sum0 = 0;
    let sum1 = 0;
    for (let j = from; j < i; j++) {
      const vj = v[j]!;
      const wj = w[j]!;
      const xj = x[j]!;
      const entry0 = a[upper + j]! - v0 * wj - w0 * vj;
      const entry1 = a[lower + j]! - v1 * wj - w1 * vj;
      a[upper + j] = entry0;
      a[lower + j] = entry1;
      sum0 += entry0 * xj;
      sum1 += entry1 * xj;
      product[j]! += entry0 * x0 + entry1 * x1;
    }
    const first = a[upper + i]! - 2 * v0 * w0;
    const beside = a[lower + i]! - v1 * w0 - w1 * v0;
    const second = a[lower + i + 1]! - 2 * v1 * w1;
    a[upper + i] = first;
    a[lower + i] = beside;
    a[lower + i + 1] = second;
    product[i]! += sum0 + first * x0 + beside * x1;
    product[i + 1]! += sum1 + beside * x0 + second * x1;
  }
}

function applyReflection(
  a: Float64Array,
  reflection: number,
  beta: number,
  vectors: Float64Array,
  vector: number,
  from: number,
  n: number,
): void {
  let dot = 0;
  for (let i = from; i < n; i++) dot += a[reflection + i]! * vectors[vector + i]!;
  dot *= beta;
  for (let i = from; i < n; i++) vectors[vector + i]! -= dot * a[reflection + i]!;
}
