import { createMatrix, type Matrix } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';

/** Vectors around a few centres, with variances that fall from column to column. */
export function clusteredVectors(
  rows: number,
  columns: number,
  seed: number,
  centres = 5,
): Matrix & { values: Float32Array } {
  const rng = createRng(seed);
  const middle = Array.from({ length: centres * columns }, () => 3 * rng.normal());
  const values = Float32Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return middle[(row % centres) * columns + column]! + (2 * rng.normal()) / (1 + column);
  });
  return createMatrix(values, rows) as Matrix & { values: Float32Array };
}
