import { createMatrix, type Matrix, orthogonalProcrustes } from '@tensor-papers/numerics/linalg';
import type { Rng } from '@tensor-papers/numerics/random';

type Matrix64 = Matrix & { readonly values: Float64Array };

/** I, `[size × size]`. */
export function identity(size: number): Matrix64 {
  const values = new Float64Array(size * size);
  for (let i = 0; i < size; i++) values[i * size + i] = 1;
  return createMatrix(values, size);
}

/** A rotation, possibly with a reflection, that is uniformly random: the orthogonal factor of a Gaussian matrix. */
export async function randomRotation(size: number, rng: Rng): Promise<Matrix64> {
  const gaussian = Float64Array.from({ length: size * size }, () => rng.normal());
  return (await orthogonalProcrustes(identity(size), createMatrix(gaussian, size))).rotation;
}
