import { type Matrix, type MatrixOperations, orthogonalFactor, plainOperations } from '@tensor-papers/numerics/linalg';
import { randomRotation } from '../vectors/rotations.js';
import { becomeSigns, type Matrix64, rowBlocks } from './rows.js';
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
  const bits = v.columns;
  const product = new Float64Array(bits * bits);
  let [magnitudes, squares] = [0, 0];
  // Block by block, so that what is rotated, signed and multiplied again is still in the cache.
  for (const [start, end] of rowBlocks(v.rows, bits)) {
    const block: Matrix = { rows: end - start, columns: bits, values: v.values.subarray(start * bits, end * bits) };
    const { values } = await operations.multiply(block, rotation);
    const sums = becomeSigns(values);
    magnitudes += sums.magnitudes;
    squares += sums.squares;
    const part = await operations.multiply(block, { ...block, values }, { transposeA: true });
    for (let i = 0; i < product.length; i++) product[i]! += part.values[i]!;
  }
  const { rotation: next, scale } = orthogonalFactor({ rows: bits, columns: bits, values: product });
  const both = v.rows * bits + squares;
  return { rotation: next, afterCodes: both - 2 * magnitudes, afterRotation: both - 2 * scale };
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
