import { expect, it } from '@jest/globals';
import { createMatrix, MatrixShapeError, NonFiniteMatrixError, orthogonalFactor, plainOperations } from './index.js';

it('is the orthogonal factor of a polar decomposition', async () => {
  // A rotation by 0.3 times a stretch.
  const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
  const turn = createMatrix(Float64Array.of(c, -s, s, c), 2);
  const stretched = await plainOperations().multiply(turn, createMatrix(Float64Array.of(3, 1, 1, 2), 2));
  const { rotation, scale } = orthogonalFactor(stretched);
  rotation.values.forEach((value, i) => {
    expect(value).toBeCloseTo(turn.values[i]!, 12);
  });
  expect(scale).toBeCloseTo(5, 12);
});

it('refuses what is not square or not finite', () => {
  expect(() => orthogonalFactor(createMatrix(new Float64Array(6), 2))).toThrow(MatrixShapeError);
  expect(() => orthogonalFactor(createMatrix(Float64Array.of(1, Number.NaN, 0, 1), 2))).toThrow(NonFiniteMatrixError);
});
