import { TrainingDataError } from '../errors.js';
import { cholesky, solveLower, solveUpper } from './cholesky.js';
import { dot, type Matrix64 } from './rows.js';

/**
 * (G + ridge·I)⁻¹·R, the weights of a ridge regression with G = AᵀA and R = AᵀB.
 *
 * @param gram G, `[t × t]`
 * @param right R, `[t × m]`
 * @throws TrainingDataError where the matrix is singular
 */
export function ridgeRegression(gram: Matrix64, right: Matrix64, ridge: number): Matrix64 {
  const n = gram.rows;
  const ridged = gram.values.slice();
  for (let i = 0; i < n; i++) ridged[i * n + i]! += ridge;
  const factor = cholesky(ridged, n);
  if (!factor)
    throw new TrainingDataError('Sdh.fit: a regression is singular; raise ridge or lambda, or use fewer anchors');
  const values = right.values.slice();
  solveLower(factor, n, values);
  solveUpper(factor, n, values);
  return { ...right, values };
}

/**
 * Sets bit l of all codes to what is best while the others stay, in place: sgn(q_l − B₋ₗ·W₋ₗ·w_l), with the old bit where that is 0.
 *
 * @param b codes, −1 and 1, `[n × bits]`
 * @param q Y·Wᵀ + ν·F, `[n × bits]`
 * @param w W, `[bits × classes]`
 * @returns how many codes have changed
 */
export function updateBit(b: Matrix64, q: Matrix64, w: Matrix64, l: number): number {
  const { rows: n, columns: bits } = b;
  const c = w.columns;
  const shared = Float64Array.from({ length: bits }, (_, m) => {
    if (m === l) return 0;
    let sum = 0;
    for (let j = 0; j < c; j++) sum += w.values[m * c + j]! * w.values[l * c + j]!;
    return sum;
  });
  let changed = 0;
  for (let i = 0, at = 0; i < n; i++, at += bits) {
    let value = q.values[at + l]!;
    for (let m = 0; m < bits; m++) value -= b.values[at + m]! * shared[m]!;
    if (value * b.values[at + l]! >= 0) continue;
    b.values[at + l] = value > 0 ? 1 : -1;
    changed++;
  }
  return changed;
}

/** Cycles over the bits until none changes, in place. */
export function descendBits(b: Matrix64, q: Matrix64, w: Matrix64, sweeps: number): void {
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let changed = 0;
    for (let l = 0; l < b.columns; l++) changed += updateBit(b, q, w, l);
    if (changed === 0) return;
  }
}

/** Y·Wᵀ + ν·F for one-hot Y. @param f `[n × bits]` */
export function bitTargets(classes: Int32Array, w: Matrix64, f: Matrix64, nu: number): Matrix64 {
  const bits = f.columns;
  const values = f.values.map((value, at) => {
    const l = at % bits;
    return w.values[l * w.columns + classes[(at - l) / bits]!]! + nu * value;
  });
  return { ...f, values };
}

/** Bᵀ·Y for one-hot Y, `[bits × classes]`. */
export function classSums(b: Matrix64, classes: Int32Array, count: number): Matrix64 {
  const bits = b.columns;
  const values = new Float64Array(bits * count);
  for (let at = 0; at < b.values.length; at++) {
    const l = at % bits;
    values[l * count + classes[(at - l) / bits]!]! += b.values[at]!;
  }
  return { rows: bits, columns: count, values };
}

/** What SDH minimises: Σ‖y − Wᵀb‖² + λ‖W‖² + ν·Σ‖b − f‖². */
export function sdhObjective(
  b: Matrix64,
  classes: Int32Array,
  w: Matrix64,
  f: Matrix64,
  { lambda, nu }: { readonly lambda: number; readonly nu: number },
): number {
  const { columns: bits, values } = b;
  const c = w.columns;
  let total = 0;
  for (let i = 0; i < b.rows; i++) {
    for (let j = 0; j < c; j++) {
      let residual = classes[i] === j ? 1 : 0;
      for (let l = 0; l < bits; l++) residual -= values[i * bits + l]! * w.values[l * c + j]!;
      total += residual ** 2;
    }
  }
  total += lambda * dot(w.values, w.values);
  for (let at = 0; at < values.length; at++) total += nu * (values[at]! - f.values[at]!) ** 2;
  return total;
}
