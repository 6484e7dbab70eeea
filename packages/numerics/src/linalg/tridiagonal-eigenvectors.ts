import { createRng } from '../random/rng.js';
import { type Tridiagonal, tridiagonalNorm } from './tridiagonal-eigenvalues.js';

const ITERATIONS = 3;

/** Eigenvalues nearer to one another than this part of the norm get vectors that are made orthogonal explicitly. */
const CLUSTER = 1e-3;

/**
 * Eigenvectors of a symmetric tridiagonal matrix by inverse iteration, (T − λ)·z ← z (Peters and Wilkinson, 1979).
 *
 * @param values eigenvalues in descending order, right to rounding
 * @returns unit vectors, rows of `[values.length × n]`
 */
export function tridiagonalEigenvectors(matrix: Tridiagonal, values: Float64Array): Float64Array {
  const n = matrix.diagonal.length;
  const norm = tridiagonalNorm(matrix);
  const vectors = new Float64Array(values.length * n);
  const random = createRng('inverse iteration');
  const factors = new Factors(n);
  let cluster = 0;
  for (let i = 0; i < values.length; i++) {
    if (i > 0 && values[i - 1]! - values[i]! > CLUSTER * norm) cluster = i;
    const vector = vectors.subarray(i * n, (i + 1) * n);
    for (let j = 0; j < n; j++) vector[j] = random.uniform() - 0.5;
    factors.factor(matrix, values[i]!, norm);
    for (let iteration = 0; iteration < ITERATIONS; iteration++) {
      normalize(vector);
      factors.solve(vector, iteration === 0);
      normalize(vector);
      // Twice: what is left after the first time may be mostly rounding.
      for (let pass = 0; pass < 2; pass++) {
        for (let other = cluster; other < i; other++) removeAlong(vector, vectors, other * n);
      }
    }
    normalize(vector);
  }
  return vectors;
}

function normalize(vector: Float64Array): void {
  let largest = 0;
  for (let i = 0; i < vector.length; i++) largest = Math.max(largest, Math.abs(vector[i]!));
  if (!(largest > 0)) return;
  let squares = 0;
  for (let i = 0; i < vector.length; i++) {
    vector[i]! /= largest;
    squares += vector[i]! * vector[i]!;
  }
  const length = Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i]! /= length;
}

function removeAlong(vector: Float64Array, vectors: Float64Array, start: number): void {
  let dot = 0;
  for (let i = 0; i < vector.length; i++) dot += vector[i]! * vectors[start + i]!;
  for (let i = 0; i < vector.length; i++) vector[i]! -= dot * vectors[start + i]!;
}

/** T − λ = P·L·U with row exchanges; U has two diagonals above its own. */
class Factors {
  readonly #upper: Float64Array;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #lower: Float64Array;
  readonly #exchanged: Uint8Array;

  constructor(n: number) {
    this.#upper = new Float64Array(n);
    this.#first = new Float64Array(n);
    this.#second = new Float64Array(n);
    this.#lower = new Float64Array(n);
    this.#exchanged = new Uint8Array(n);
  }

  factor({ diagonal, offDiagonal }: Tridiagonal, value: number, norm: number): void {
    const n = diagonal.length;
    const smallest = norm > 0 ? norm * Number.EPSILON : 1;
    // The row that is being eliminated: its pivot and the entry beside it.
    let pivot = diagonal[0]! - value;
    let beside = offDiagonal[0] ?? 0;
    for (let i = 0; i < n - 1; i++) {
      const below = offDiagonal[i]!;
      const nextPivot = diagonal[i + 1]! - value;
      const nextBeside = offDiagonal[i + 1] ?? 0;
      const exchange = Math.abs(below) > Math.abs(pivot);
      this.#exchanged[i] = exchange ? 1 : 0;
      if (exchange) {
        const factor = pivot / below;
        this.#upper[i] = below;
        this.#first[i] = nextPivot;
        this.#second[i] = nextBeside;
        this.#lower[i] = factor;
        pivot = beside - factor * nextPivot;
        beside = -factor * nextBeside;
      } else {
        const safe = Math.abs(pivot) < smallest ? smallest : pivot;
        const factor = below / safe;
        this.#upper[i] = safe;
        this.#first[i] = beside;
        this.#second[i] = 0;
        this.#lower[i] = factor;
        pivot = nextPivot - factor * beside;
        beside = nextBeside;
      }
    }
    this.#upper[n - 1] = Math.abs(pivot) < smallest ? smallest : pivot;
  }

  /** Solves in place. The first time the random right-hand side counts as L⁻¹ of another one. */
  solve(x: Float64Array, upperOnly: boolean): void {
    const n = x.length;
    for (let i = 0; !upperOnly && i < n - 1; i++) {
      if (this.#exchanged[i]) {
        const kept = x[i]!;
        x[i] = x[i + 1]!;
        x[i + 1] = kept - this.#lower[i]! * x[i]!;
      } else x[i + 1]! -= this.#lower[i]! * x[i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      const one = i + 1 < n ? this.#first[i]! * x[i + 1]! : 0;
      const two = i + 2 < n ? this.#second[i]! * x[i + 2]! : 0;
      x[i] = (x[i]! - one - two) / this.#upper[i]!;
    }
  }
}
