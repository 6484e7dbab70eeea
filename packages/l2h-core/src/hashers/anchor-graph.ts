import { type Matrix, type MatrixOperations, symmetricEigen } from '@tensor-papers/numerics/linalg';
import { dot, type Matrix64 } from './rows.js';
import { squaredDistances } from './squared-distances.js';

/** The s nearest anchors of rows, nearest first, and the squared distances to them, `[n × s]`. */
export interface NearestAnchors {
  readonly s: number;
  readonly indices: Int32Array;
  readonly squares: Float64Array;
}

/** Rows as sparse mixtures of anchors: z of row i is `weights[i · s + j]` at the anchor `indices[i · s + j]`; the weights sum to 1. */
export interface AnchorWeights {
  readonly s: number;
  readonly indices: Int32Array;
  readonly weights: Float64Array;
}

/** Of equally near anchors the lower index comes first. @param block `[b × d]` */
export async function nearestAnchors(
  block: Matrix,
  anchors: Matrix,
  s: number,
  operations: MatrixOperations,
): Promise<NearestAnchors> {
  const { rows, columns: count, values } = await squaredDistances(block, anchors, operations);
  const indices = new Int32Array(rows * s);
  const squares = new Float64Array(rows * s).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < rows; i++) {
    const last = (i + 1) * s - 1;
    for (let anchor = 0; anchor < count; anchor++) {
      const square = values[i * count + anchor]!;
      let at = last;
      if (square >= squares[at]!) continue;
      for (; at > i * s && square < squares[at - 1]!; at--) {
        squares[at] = squares[at - 1]!;
        indices[at] = indices[at - 1]!;
      }
      squares[at] = square;
      indices[at] = anchor;
    }
  }
  return { s, indices, squares };
}

/** exp(−‖x − u‖² / σ²) over the nearest anchors, scaled to sum 1. */
export function anchorWeights({ s, indices, squares }: NearestAnchors, sigma: number): AnchorWeights {
  const weights = new Float64Array(squares.length);
  for (let start = 0; start < weights.length; start += s) {
    let sum = 0;
    for (let at = start; at < start + s; at++) {
      // Less the nearest: far from all anchors every exponential would be 0.
      weights[at] = Math.exp((squares[start]! - squares[at]!) / sigma ** 2);
      sum += weights[at]!;
    }
    for (let at = start; at < start + s; at++) weights[at]! /= sum;
  }
  return { s, indices, weights };
}

/** Z·W for W `[t × m]`. */
export function mixAnchors({ s, indices, weights }: AnchorWeights, { columns: m, values }: Matrix): Matrix64 {
  const rows = weights.length / s;
  const mixed = new Float64Array(rows * m);
  for (let at = 0; at < weights.length; at++) {
    const [to, from] = [Math.floor(at / s) * m, indices[at]! * m];
    for (let j = 0; j < m; j++) mixed[to + j]! += weights[at]! * values[from + j]!;
  }
  return { rows, columns: m, values: mixed };
}

/** Zᵀ·v for `v` of one number a row. */
export function spreadToAnchors({ s, indices, weights }: AnchorWeights, count: number, v: Float64Array): Float64Array {
  const spread = new Float64Array(count);
  for (let at = 0; at < weights.length; at++) spread[indices[at]!]! += weights[at]! * v[Math.floor(at / s)]!;
  return spread;
}

/** Eigenvectors of the graph in which rows are as near as they share anchors. */
export interface AnchorGraph {
  /** Zᵀ·1, how much of all rows each anchor holds, `[t]`. */
  readonly masses: Float64Array;
  /** Eigenvalues of Λ^−½·ZᵀZ·Λ^−½ after the constant one, in descending order, `[count]`. */
  readonly eigenvalues: Float64Array;
  /** W = √n·Λ^−½·V·Σ^−½: the eigenvectors of the graph are Z·W, `[t × count]`. */
  readonly weights: Matrix64;
}

/** An eigenvalue that is rounding. */
const noEigenvalue = 1e-12;

/** @returns undefined where the graph has fewer eigenvectors than wanted */
export function anchorGraph(z: AnchorWeights, anchors: number, count: number): AnchorGraph | undefined {
  const n = z.weights.length / z.s;
  const masses = spreadToAnchors(z, anchors, new Float64Array(n).fill(1));
  const inverseRoots = masses.map((mass) => (mass > 0 ? 1 / Math.sqrt(mass) : 0));
  const a = new Float64Array(anchors * anchors);
  for (let start = 0; start < z.weights.length; start += z.s) {
    for (let i = start; i < start + z.s; i++) {
      for (let j = start; j < start + z.s; j++) {
        a[z.indices[i]! * anchors + z.indices[j]!]! += z.weights[i]! * z.weights[j]!;
      }
    }
  }
  for (let at = 0; at < a.length; at++) {
    const [i, j] = [Math.floor(at / anchors), at % anchors];
    // The constant eigenvector √mass / √n, of eigenvalue 1, is taken out, not looked for: where the graph falls into parts it is not the only one.
    a[at] = a[at]! * inverseRoots[i]! * inverseRoots[j]! - Math.sqrt(masses[i]! * masses[j]!) / n;
  }
  const { values, vectors } = symmetricEigen({ rows: anchors, columns: anchors, values: a }, { largest: count });
  if (values[count - 1]! <= noEigenvalue) return undefined;
  const weights = Float64Array.from({ length: anchors * count }, (_, at) => {
    const [anchor, k] = [Math.floor(at / count), at % count];
    return (Math.sqrt(n) * inverseRoots[anchor]! * vectors.values[k * anchors + anchor]!) / Math.sqrt(values[k]!);
  });
  return { masses, eigenvalues: values, weights: { rows: anchors, columns: count, values: weights } };
}

/** Where the two halves of an eigenvector are cut again. */
export interface SecondThresholds {
  /** Of the rows with y ≥ 0: the second bit is the sign of y − above. */
  readonly above: number;
  /** Of the rows with y < 0: the second bit is the sign of below − y. */
  readonly below: number;
}

/**
 * Thresholds that cut both halves of an eigenvector y so that the second bits, relaxed to f = y − above on y ≥ 0 and f = below − y on y < 0,
 * are balanced, Σf = 0, and cut as little of the graph as they can, fᵀ(I − ZΛ⁻¹Zᵀ)f least.
 *
 * The balance ties one threshold to the other: f = e − below·w. Where w costs nothing, because the graph falls apart between the halves, the
 * thresholds are the means of the halves.
 */
export function secondThresholds(y: Float64Array, z: AnchorWeights, masses: Float64Array): SecondThresholds {
  let [total, positives] = [0, 0];
  for (const value of y) {
    total += Math.abs(value);
    if (value >= 0) positives++;
  }
  const negatives = y.length - positives;
  if (positives === 0 || negatives === 0) return { above: total / y.length, below: -total / y.length };
  const ratio = negatives / positives;
  const e = y.map((value) => (value >= 0 ? value - total / positives : -value));
  // Σf = 0 makes above = (total + negatives·below) / positives.
  const w = y.map((value) => (value >= 0 ? ratio : -1));
  const lw = laplacian(w, z, masses);
  const cost = dot(w, lw);
  const halfSum = total / 2;
  if (cost <= noEigenvalue * dot(w, w)) return { above: halfSum / positives, below: -halfSum / negatives };
  const below = dot(e, lw) / cost;
  return { above: (total + negatives * below) / positives, below };
}

function laplacian(v: Float64Array, z: AnchorWeights, masses: Float64Array): Float64Array {
  const held = spreadToAnchors(z, masses.length, v).map((value, i) => (masses[i]! > 0 ? value / masses[i]! : 0));
  const smooth = mixAnchors(z, { rows: held.length, columns: 1, values: held });
  return v.map((value, i) => value - smooth.values[i]!);
}
