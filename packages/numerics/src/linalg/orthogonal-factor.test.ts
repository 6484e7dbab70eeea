import { expect, it } from '@jest/globals';
import { createRng } from '../random/index.js';
import {
  createMatrix,
  MatrixShapeError,
  NonFiniteMatrixError,
  orthogonalFactor,
  plainOperations,
  singularValueDecomposition,
} from './index.js';
import { polarIteration } from './polar-iteration.js';

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

it.each([
  ['random', 64, 1, 1],
  ['badly scaled directions', 32, 10 ** (-8 / 31), 1],
  ['nearly without rank', 16, 0.1, 1],
  ['very large entries', 8, 0.5, 1e300],
  ['very small entries', 8, 0.5, 1e-300],
  ['one number', 1, 1, -3],
])('is that of singular values: %s', (_, d, ratio, factor) => {
  const rng = createRng(d);
  const matrix = createMatrix(
    Float64Array.from({ length: d * d }, (_, i) => factor * rng.normal() * ratio ** Math.floor(i / d)),
    d,
  );
  const { left, values, right } = singularValueDecomposition(matrix);
  const { rotation, scale } = orthogonalFactor(matrix);
  expect(scale / values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      let wanted = 0;
      let product = 0;
      for (let s = 0; s < d; s++) {
        wanted += left.values[s * d + i]! * right.values[s * d + j]!;
        product += rotation.values[i * d + s]! * rotation.values[j * d + s]!;
      }
      expect(product).toBeCloseTo(i === j ? 1 : 0, 10);
      // The factor itself is only as sure as the smallest singular value is above rounding.
      if (ratio ** d > 1e-9) expect(rotation.values[i * d + j]).toBeCloseTo(wanted, 6);
    }
  }
});

it('needs no singular values, unless rank lacks', () => {
  const rng = createRng(3);
  expect(
    polarIteration(
      Float64Array.from({ length: 400 }, () => rng.normal()),
      20,
    ),
  ).toBeDefined();
  expect(polarIteration(Float64Array.of(1, 2, 2, 4), 2)).toBeUndefined();
});

it('is orthogonal where rank lacks', () => {
  const { rotation, scale } = orthogonalFactor(createMatrix(Float64Array.of(1, 2, 0, 2, 4, 0, 0, 0, 0), 3));
  expect(scale).toBeCloseTo(5, 12);
  for (let i = 0; i < 3; i++) {
    const row = rotation.values.subarray(3 * i, 3 * i + 3);
    expect(row.reduce((sum, value) => sum + value ** 2, 0)).toBeCloseTo(1, 12);
  }
});

it('refuses what is not square or not finite', () => {
  expect(() => orthogonalFactor(createMatrix(new Float64Array(6), 2))).toThrow(MatrixShapeError);
  expect(() => orthogonalFactor(createMatrix(Float64Array.of(1, Number.NaN, 0, 1), 2))).toThrow(NonFiniteMatrixError);
});
