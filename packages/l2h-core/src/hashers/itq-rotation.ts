import {
  type Matrix,
  type MatrixOperations,
  orthogonalProcrustes,
  plainOperations,
} from '@tensor-papers/numerics/linalg';
import { randomRotation } from '../vectors/rotations.js';
import { type Matrix64, signsOf } from './rows.js';
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
 * One iteration of ITQ: the codes B = sgn(V·R) nearest to the rotated data, then the rotation that brings the data nearest to them.
 *
 * @param v projected data, `[n × bits]`
 * @param rotation R, `[bits × bits]`
 */
export async function itqStep(
  v: Matrix,
  rotation: Matrix64,
  operations: MatrixOperations = plainOperations(),
): Promise<ItqStep> {
  const { values: rotated } = await operations.multiply(v, rotation);
  const codes = signsOf(rotated);
  const next = await orthogonalProcrustes(v, { ...v, values: codes }, { operations });
  let [afterCodes, squares] = [0, 0];
  for (let i = 0; i < codes.length; i++) {
    afterCodes += (codes[i]! - rotated[i]!) ** 2;
    squares += v.values[i]! ** 2;
  }
  return { rotation: next.rotation, afterCodes, afterRotation: codes.length + squares - 2 * next.scale };
}

/** The rotation after all iterations, and the objective after each. */
export async function learnRotation(
  v: Matrix,
  iterations: number,
  { rng, operations, step }: Training,
): Promise<{ rotation: Matrix64; objective: number[] }> {
  let rotation = await randomRotation(v.columns, rng.stream('rotation'));
  const objective: number[] = [];
  for (let i = 0; i < iterations; i++) {
    const next = await itqStep(v, rotation, operations);
    rotation = next.rotation;
    objective.push(next.afterRotation);
    await step((i + 1) / iterations, next.afterRotation);
  }
  return { rotation, objective };
}
