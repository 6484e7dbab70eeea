import {
  type Matrix,
  type MatrixOperations,
  orthogonalProcrustes,
  plainOperations,
} from '@tensor-papers/numerics/linalg';
import { type Codebooks, codebookOf, partOf, reconstruct } from './codebooks.js';
import { updatedCentroids } from './lloyd.js';
import { assignParts } from './product-quantizer.js';
import type { QuantizedCodes } from './quantizer.js';

/** Σ(a − b)² over all entries. */
export function squaredDifference(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let i = 0; i < a.values.length; i++) sum += (a.values[i]! - b.values[i]!) ** 2;
  return sum;
}

/** Where the alternation of optimised product quantisation stands. */
export interface OpqState {
  /** R, `[d × d]`, orthogonal. */
  readonly rotation: Matrix;
  readonly codebooks: Codebooks;
}

/** What one iteration gives. */
export interface OpqStep extends OpqState {
  /** Codes of X·R by the codebooks before the step. */
  readonly codes: QuantizedCodes;
  /** ‖X·R − X̂‖² after the assignment, after the new centroids and after the new rotation: it never rises. */
  readonly objective: readonly [assignment: number, centroids: number, rotation: number];
}

/** Options of {@link opqStep}. */
export interface OpqStepOptions {
  readonly operations?: MatrixOperations;
  readonly signal?: AbortSignal;
  /** What becomes of a centroid without vectors. Default `split`: a copy of that of the largest cluster. */
  readonly emptyCluster?: 'split' | 'keep';
}

/**
 * One iteration of optimised product quantisation (Ge et al., 2013, non-parametric): codes of Z = X·R, centroids as means, X̂ their
 * reconstruction, then R = U·Vᵀ of Xᵀ·X̂ = U·Σ·Vᵀ.
 *
 * @param vectors X, `[n × d]`
 */
export async function opqStep(
  vectors: Matrix,
  { rotation, codebooks }: OpqState,
  options: OpqStepOptions = {},
): Promise<OpqStep> {
  const { operations = plainOperations(), signal, emptyCluster = 'split' } = options;
  const rotated = await operations.multiply(vectors, rotation);
  const codes = await assignParts(rotated, codebooks, operations, signal);
  const afterAssignment = squaredDifference(rotated, reconstruct(codebooks, codes));
  const next = { ...codebooks, values: new Float64Array(codebooks.values.length) };
  for (let m = 0; m < codebooks.parts; m++) {
    const before = codebookOf(codebooks, m);
    const sums = sumsOfPart(partOf(rotated, codebooks, m), codes, m, codebooks.centroids);
    const counts =
      emptyCluster === 'split' ? sums.counts : sums.counts.map((count) => Math.max(count, Number.MIN_VALUE));
    const updated = updatedCentroids(before, { sums: sums.sums, counts });
    if (emptyCluster === 'keep') {
      for (let k = 0; k < codebooks.centroids; k++) {
        if (sums.counts[k] === 0)
          updated.values.set(before.values.subarray(k * before.columns, (k + 1) * before.columns), k * before.columns);
      }
    }
    codebookOf(next, m).values.set(updated.values);
  }
  const reconstruction = reconstruct(next, codes);
  const afterCentroids = squaredDifference(rotated, reconstruction);
  const { rotation: turned } = await orthogonalProcrustes(vectors, reconstruction, { operations });
  const afterRotation = squaredDifference(await operations.multiply(vectors, turned), reconstruction);
  return { rotation: turned, codebooks: next, codes, objective: [afterAssignment, afterCentroids, afterRotation] };
}

function sumsOfPart(
  { rows, columns, values }: Matrix,
  { parts, bytes }: QuantizedCodes,
  part: number,
  centroids: number,
) {
  const sums = new Float64Array(centroids * columns);
  const counts = new Float64Array(centroids);
  for (let i = 0; i < rows; i++) {
    const code = bytes[i * parts + part]!;
    counts[code]!++;
    for (let j = 0; j < columns; j++) sums[code * columns + j]! += values[i * columns + j]!;
  }
  return { sums, counts };
}

/** Added to an eigenvalue before its logarithm. */
const tiny = 1e-10;

/**
 * Which eigen-directions of the covariance go to which part, so that the parts' products of variances are alike: in descending order each
 * goes to the part with the smallest sum of log λ (shifted so that the least is 1) among those with room, of equal ones the first.
 *
 * @param eigenvalues in descending order, `[d]`
 * @returns the indices of each part
 */
export function allocateEigenDirections(eigenvalues: ArrayLike<number>, parts: number): number[][] {
  const logs = Array.from(eigenvalues, (value) => Math.log(Math.max(0, value) + tiny));
  const least = Math.min(...logs);
  const room = logs.length / parts;
  const given = Array.from({ length: parts }, (): number[] => []);
  const totals = new Float64Array(parts);
  for (const [i, log] of logs.entries()) {
    let best = -1;
    for (let p = 0; p < parts; p++) {
      if (given[p]!.length < room && (best < 0 || totals[p]! < totals[best]!)) best = p;
    }
    given[best]!.push(i);
    totals[best]! += log - least + 1;
  }
  return given;
}
