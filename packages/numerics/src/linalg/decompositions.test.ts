import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRng } from '../random/index.js';
import { createMatrix, type Matrix, singularValueDecomposition, symmetricEigen } from './index.js';
import { isAccurate, leadingEigen } from './leading-eigen.js';
import { orthonormalize } from './orthonormalize.js';
import { tridiagonalize } from './tridiagonalize.js';

function random(rows: number, columns: number, seed: number): Matrix {
  const rng = createRng(seed);
  return createMatrix(Float64Array.from({ length: rows * columns }, () => rng.normal()), rows, columns); // biome-ignore format: one call
}

const at = ({ columns, values }: Matrix, row: number, column: number) => values[row * columns + column]!;

/** Σ over the inner index of op(a)·op(b), in plain loops. */
const product = (rows: number, columns: number, inner: number, term: (i: number, j: number, k: number) => number) => {
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) for (let k = 0; k < inner; k++) values[i * columns + j]! += term(i, j, k);
  }
  return createMatrix(values, rows, columns);
};

/** V·diag(values)·Vᵀ for an orthonormal V. */
function withSpectrum(spectrum: ArrayLike<number>, seed: number): Matrix {
  const n = spectrum.length;
  const vectors = random(n, n, seed);
  orthonormalize(vectors.values as Float64Array, n, n);
  const matrix = product(n, n, n, (i, j, k) => spectrum[k]! * at(vectors, k, i) * at(vectors, k, j));
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) matrix.values[j * n + i] = matrix.values[i * n + j]!;
  return matrix;
}

function worst(values: Iterable<number>): number {
  let largest = 0;
  // Not Math.max: NaN has to show.
  for (const value of values) if (!(Math.abs(value) <= largest)) largest = Math.abs(value);
  return largest;
}

function expectOrthonormal(rows: Matrix, tolerance = 1e-12): void {
  const gram = product(rows.rows, rows.rows, rows.columns, (i, j, k) => at(rows, i, k) * at(rows, j, k));
  expect(worst(gram.values.map((value, i) => value - (i % (rows.rows + 1) === 0 ? 1 : 0)))).toBeLessThan(tolerance);
}

function expectEigen(matrix: Matrix, values: Float64Array, vectors: Matrix, tolerance = 1e-11): void {
  const size = Math.max(1, worst(matrix.values));
  const n = matrix.rows;
  const residual = product(vectors.rows, n, n, (i, j, k) => at(vectors, i, k) * at(matrix, k, j));
  expect(
    worst(residual.values.map((value, i) => value - values[Math.floor(i / n)]! * vectors.values[i]!)),
  ).toBeLessThan(tolerance * size * n);
  expectOrthonormal(vectors);
}

describe('symmetricEigen', () => {
  const n = 60;
  const spectra: [string, number[]][] = [
    ['apart', Array.from({ length: n }, (_, i) => 30 - i)],
    ['falling off', Array.from({ length: n }, (_, i) => 0.5 ** i)],
    ['of rank 3', Array.from({ length: n }, (_, i) => (i < 3 ? 3 - i : 0))],
    ['one value for all', new Array(n).fill(2)],
    ['groups of equal values', Array.from({ length: n }, (_, i) => 5 - Math.floor(i / 7))],
    ['nearly equal values', Array.from({ length: n }, (_, i) => 1 - 1e-9 * i)],
    ['negative', Array.from({ length: n }, (_, i) => -1 - i)],
    ['huge', Array.from({ length: n }, (_, i) => 1e306 * (n - i))],
    ['tiny', Array.from({ length: n }, (_, i) => 1e-300 * (n - i))],
    ['zero', new Array(n).fill(0)],
  ];

  it.each(spectra)('few and all eigenvalues of a large matrix: %s', (_, spectrum) => {
    const matrix = withSpectrum(spectrum, 1);
    const size = worst(spectrum) || 1;
    const unit = createMatrix(matrix.values.map((value) => value / size), n); // biome-ignore format: one call
    // The fast way has to be right by itself, without ml-matrix to fall back on.
    expect(leadingEigen(Float64Array.from(unit.values), n, 15)).toBeDefined();
    for (const largest of [15, n]) {
      const { values, vectors } = symmetricEigen(matrix, { largest });
      expect(worst(values.map((value, i) => (value - spectrum[i]!) / size))).toBeLessThan(1e-12);
      expectEigen(unit, values.map((value) => value / size), vectors); // biome-ignore format: one call
    }
  });

  it('few eigenvalues are those of all, for any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), (size, seed) => {
        const entries = random(size, size, seed);
        const matrix = product(size, size, 1, (i, j) => at(entries, i, j) + at(entries, j, i));
        const all = symmetricEigen(matrix);
        expectEigen(matrix, all.values, all.vectors);
        const largest = Math.max(1, Math.floor(size / 4));
        const few = symmetricEigen(matrix, { largest });
        expectEigen(matrix, few.values, few.vectors);
        expect(worst(few.values.map((value, i) => value - all.values[i]!))).toBeLessThan(1e-11);
        expect(worst(few.vectors.values.map((value, i) => value - all.vectors.values[i]!))).toBeLessThan(1e-6);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    ['diagonal', (i: number, j: number) => (i === j ? i : 0)],
    [
      'tridiagonal with near pairs (Wilkinson)',
      (i: number, j: number) => (i === j ? Math.abs(i - 40) : Math.abs(i - j) === 1 ? 1 : 0),
    ],
    ['of separate blocks', (i: number, j: number) => (Math.floor(i / 3) === Math.floor(j / 3) ? 1 : 0)],
    ['all ones', () => 1],
  ])('a matrix that is %s', (_, entry) => {
    const matrix = product(81, 81, 1, entry);
    const { values, vectors } = symmetricEigen(matrix, { largest: 20 });
    expectEigen(matrix, values, vectors);
    const all = symmetricEigen(matrix);
    expect(worst(values.map((value, i) => value - all.values[i]!))).toBeLessThan(1e-11);
  });

  it('the tridiagonal form is similar to the matrix', () => {
    const matrix = withSpectrum(Float64Array.from({ length: 9 }, (_, i) => i - 3), 5); // biome-ignore format: one call
    const { diagonal, offDiagonal, backTransform } = tridiagonalize(Float64Array.from(matrix.values), 9);
    const identity = product(9, 9, 1, (i, j) => (i === j ? 1 : 0));
    backTransform(identity.values as Float64Array, 9);
    const image = product(9, 9, 9, (i, j, k) => at(identity, i, k) * at(matrix, k, j));
    const form = product(9, 9, 9, (i, j, k) => at(image, i, k) * at(identity, j, k));
    const wanted = product(9, 9, 1, (i, j) =>
      i === j ? diagonal[i]! : Math.abs(i - j) === 1 ? offDiagonal[Math.min(i, j)]! : 0,
    );
    expect(worst(form.values.map((value, i) => value - wanted.values[i]!))).toBeLessThan(1e-13);
  });

  it('comes to an end without a result where a number is NaN', () => {
    const values = withSpectrum([3, 2, 1, 0], 1).values;
    expect(
      leadingEigen(
        Float64Array.from(values, (value, i) => (i === 5 ? Number.NaN : value)),
        4,
        2,
      ),
    ).toBeUndefined();
  });

  it('does not believe values, vectors or pairs of vectors that are slightly off', () => {
    const form = { diagonal: Float64Array.of(3, 2, 1), offDiagonal: new Float64Array(2) };
    const [values, vectors] = [Float64Array.of(3, 2), Float64Array.of(1, 0, 0, 0, 1, 0)];
    expect(isAccurate(form, values, vectors)).toBe(true);
    expect(isAccurate(form, Float64Array.of(3, 2 + 1e-8), vectors)).toBe(false);
    expect(isAccurate(form, values, Float64Array.of(1, 0, 0, 1e-8, 1, 0))).toBe(false);
    expect(isAccurate(form, values, Float64Array.of(1, 0, 0, 0, 1 + 1e-8, 0))).toBe(false);
    const twice = { ...form, diagonal: Float64Array.of(3, 3, 1) };
    expect(isAccurate(twice, Float64Array.of(3, 3), Float64Array.of(1, 0, 0, 1, 0, 0))).toBe(false);
    expect(isAccurate(form, values, Float64Array.of(1, 0, 0, 0, Number.NaN, 0))).toBe(false);
  });

  it('turns vectors so that the largest entry is positive', () => {
    const { vectors } = symmetricEigen(createMatrix(Float64Array.of(1, -2, -2, 1), 2));
    expect(Array.from(vectors.values, (value) => Math.sign(value))).toEqual([1, -1, 1, 1]);
  });

  it.each([
    [createMatrix(new Float64Array(6), 2), {}, 'linalg/bad-shape', 'as many rows as columns, got 2 × 3'],
    [createMatrix(Float64Array.of(1, 2, 3, 4), 2), {}, 'linalg/not-symmetric', 'differ by 1'],
    [createMatrix(Float64Array.of(1, 2, Number.NaN, 4), 2), {}, 'linalg/not-finite', 'got NaN in row 1, column 0'],
    [createMatrix(new Float64Array(4), 2), { largest: 3 }, 'linalg/bad-option', 'an integer in 1 … 2, got 3'],
    [undefined as unknown as Matrix, {}, 'linalg/bad-shape', 'expected { rows, columns'],
  ])('says what is wrong (%#)', (matrix, options, code, message) => {
    expect(() => symmetricEigen(matrix, options)).toThrow(message);
    expect(() => symmetricEigen(matrix, options)).toThrow(expect.objectContaining({ code }));
  });
});

describe('singularValueDecomposition', () => {
  it('gives the matrix back, with orthonormal vectors and falling values, whatever the rank', () => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(size, size, size, fc.nat(), (m, n, rank, seed) => {
        const [a, b] = [random(m, rank, seed), random(rank, n, seed + 1)];
        const matrix = product(m, n, rank, (i, j, k) => at(a, i, k) * at(b, k, j));
        const { left, values, right } = singularValueDecomposition(matrix);
        const again = product(m, n, values.length, (i, j, k) => values[k]! * at(left, k, i) * at(right, k, j));
        expect(worst(again.values.map((value, i) => value - matrix.values[i]!))).toBeLessThan(1e-12);
        expectOrthonormal(left);
        expectOrthonormal(right);
        expect(Array.from(values)).toEqual(Array.from(values).sort((x, y) => y - x));
      }),
      { numRuns: 200 },
    );
  });

  it.each([1e307, 1e-300])('of numbers around %p', (factor) => {
    const base = random(5, 4, 2);
    const [one, scaled] = [base, { ...base, values: base.values.map((value) => value * factor) }].map(
      singularValueDecomposition,
    );
    expect(worst(scaled!.values.map((value, i) => value / factor - one!.values[i]!))).toBeLessThan(1e-13);
    expect(worst(scaled!.left.values.map((value, i) => value - one!.left.values[i]!))).toBeLessThan(1e-13);
  });

  it('refuses what is not finite', () => {
    expect(() => singularValueDecomposition(createMatrix(Float64Array.of(1, Number.POSITIVE_INFINITY), 1))).toThrow(
      'got Infinity in row 0, column 1',
    );
  });
});

describe('orthonormalize', () => {
  it('nearly equal rows come out orthogonal to the last digit', () => {
    const noise = random(6, 10, 3).values;
    const rows = createMatrix(Float64Array.from(noise, (value, i) => Math.sin(i % 10) + 1e-7 * value), 6); // biome-ignore format: one call
    orthonormalize(rows.values, 6, 10);
    expectOrthonormal(rows, 1e-14);
  });

  it('completes what depends on other rows', () => {
    const rows = createMatrix(Float64Array.of(1, 1, 0, 0, 2, 2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1e-9), 4);
    orthonormalize(rows.values, 4, 4);
    expectOrthonormal(rows);
    for (const [i, value] of [Math.SQRT1_2, Math.SQRT1_2, 0, 0].entries())
      expect(rows.values[i]).toBeCloseTo(value, 14);
  });
});
