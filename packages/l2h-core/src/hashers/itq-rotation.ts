import { type HeldRows, type Matrix, orthogonalFactor } from '@tensor-papers/numerics/linalg';
import { randomRotation } from '../vectors/rotations.js';
import type { Matrix64 } from './rows.js';
import type { Training } from './training.js';

/** One iteration of ITQ. */
export interface ItqStep {
  /** The next R, `[bits × bits]`. */
  readonly rotation: Matrix64;
  /** ‖B − V·R‖² after each half step: with the codes B = sgn(V·R), then with the next R. */
  readonly afterCodes: number;
  readonly afterRotation: number;
}

/**
 * One iteration of ITQ: the codes B = sgn(V·R) nearest to the rotated data, then the rotation that brings the data nearest to them, the
 * orthogonal factor of VᵀB.
 *
 * @param v projected data, `[n × bits]`
 * @param squares ‖B‖² + ‖V‖², which no code and no rotation changes: {@link squaresOf}
 * @param rotation R, `[bits × bits]`
 */
export async function itqStep(v: HeldRows, squares: number, rotation: Matrix64): Promise<ItqStep> {
  const product = await v.correlateWithSigns(rotation);
  let magnitudes = 0; // Σ|V·R|, which is the trace of Rᵀ·VᵀB
  for (let i = 0; i < product.values.length; i++) magnitudes += product.values[i]! * rotation.values[i]!;
  const { rotation: next, scale } = orthogonalFactor(product);
  return { rotation: next, afterCodes: squares - 2 * magnitudes, afterRotation: squares - 2 * scale };
}

/** ‖B‖² + ‖V‖² of projected data and their codes. */
export function squaresOf({ values }: Matrix): number {
  let sum = values.length;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return sum;
}

/** The rotation after all iterations, and the objective after each. */
export async function learnRotation(
  v: Matrix,
  iterations: number,
  { rng, operations, step }: Training,
): Promise<{ rotation: Matrix64; objective: number[] }> {
  let rotation = await randomRotation(v.columns, rng.stream('rotation'));
  const objective: number[] = [];
  const squares = squaresOf(v);
  const held = operations.holdRows(v, new Float64Array(v.columns));
  try {
    for (let i = 0; i < iterations; i++) {
      const next = await itqStep(held, squares, rotation);
      rotation = next.rotation;
      objective.push(next.afterRotation);
      await step((i + 1) / iterations, next.afterRotation);
    }
  } finally {
    held.dispose();
  }
  return { rotation, objective };
}
