/** Lower triangular L, `[n × n]`, with A = L·Lᵀ; undefined where A is not positive definite. */
export function cholesky(a: Float64Array, n: number): Float64Array | undefined {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      if (i > j) l[i * n + j] = sum / l[j * n + j]!;
      else if (sum > 0) l[i * n + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return l;
}

/** Turns b, `[n × m]`, into L⁻¹·b. */
export function solveLower(l: Float64Array, n: number, b: Float64Array): void {
  const m = b.length / n;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) subtractRow(b, m, i, k, l[i * n + k]!);
    for (let j = i * m; j < (i + 1) * m; j++) b[j]! /= l[i * n + i]!;
  }
}

/** Turns b, `[n × m]`, into L⁻ᵀ·b. */
export function solveUpper(l: Float64Array, n: number, b: Float64Array): void {
  const m = b.length / n;
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) subtractRow(b, m, i, k, l[k * n + i]!);
    for (let j = i * m; j < (i + 1) * m; j++) b[j]! /= l[i * n + i]!;
  }
}

function subtractRow(b: Float64Array, m: number, row: number, other: number, factor: number): void {
  if (factor === 0) return;
  for (let j = 0, at = row * m, from = other * m; j < m; j++, at++, from++) b[at]! -= factor * b[from]!;
}
