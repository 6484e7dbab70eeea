import {
  covariance,
  createMatrix,
  type Matrix,
  type MatrixOperations,
  plainOperations,
  symmetricEigen,
} from '@tensor-papers/numerics/linalg';
import { createRng, type Rng } from '@tensor-papers/numerics/random';
import { HashOptionError, NotFittedError, TrainingDataError } from '../errors.js';
import { encodeOptionsOf, fitOptionsOf } from '../hashers/fit-options.js';
import type { EncodeOptions, FitOptions, FitReport, HasherJson } from '../hashers/hasher.js';
import { drawRows } from '../hashers/training.js';
import { packFields } from '../json-fields.js';
import { optionsOf, requireInteger } from '../options.js';
import { shown } from '../shown.js';
import { requireVectors } from '../vectors/require-vectors.js';
import { identity, randomRotation } from '../vectors/rotations.js';
import { modelReader, readCodebooks } from './model-json.js';
import { allocateEigenDirections, type OpqState, opqStep } from './opq-step.js';
import { ProductQuantizer, partWidth, requireQuery } from './product-quantizer.js';
import { type QuantizedCodes, type Quantizer, requireQuantized } from './quantizer.js';

/** Where the rotation starts. */
export type OpqStart = 'parametric' | 'identity' | 'random';

const starts: readonly OpqStart[] = ['parametric', 'identity', 'random'];

/** Options of {@link OptimizedProductQuantizer}. */
export interface OptimizedProductQuantizerOptions {
  /** Bytes of a code. */
  readonly parts: number;
  /** Centroids of each part, 1 … 256. Default 256. */
  readonly centroids?: number;
  /** Alternations of codes, centroids and rotation. Default 20. */
  readonly iterations?: number;
  /** Default `parametric`: principal directions, shared out so that the parts' variances are alike. */
  readonly start?: OpqStart;
  /** Lloyd steps of the codebooks before the first rotation. Default 5. */
  readonly startIterations?: number;
  /** Learn from at most so many vectors, drawn with the seed. Default all. */
  readonly sample?: number;
}

/**
 * Optimised product quantisation (Ge, He, Ke and Sun, 2013): product quantisation of rotated vectors, with the rotation that makes the error
 * ‖X·R − X̂‖² small. Distances are those of the vectors: a rotation preserves them.
 *
 * @throws HashOptionError for options out of range
 * @example
 * const quantizer = new OptimizedProductQuantizer({ parts: 8 });
 * const { objective } = await quantizer.fit(vectors, { seed: 1 });
 */
export class OptimizedProductQuantizer implements Quantizer {
  readonly kind = 'opq';
  readonly parts: number;
  readonly #options: Required<Omit<OptimizedProductQuantizerOptions, 'sample'>>;
  readonly #sample: number | undefined;
  #state: { rotation: Matrix; quantizer: ProductQuantizer } | undefined;

  constructor(options: OptimizedProductQuantizerOptions) {
    const given = optionsOf('OptimizedProductQuantizer', options, '{ parts: 8 }');
    const { parts, centroids = 256, iterations = 20, start = 'parametric', startIterations = 5, sample } = given;
    requireInteger('OptimizedProductQuantizer', 'parts', parts, 1);
    requireInteger('OptimizedProductQuantizer', 'centroids', centroids, 1, 256);
    requireInteger('OptimizedProductQuantizer', 'iterations', iterations, 0);
    requireInteger('OptimizedProductQuantizer', 'startIterations', startIterations, 0);
    if (sample !== undefined) requireInteger('OptimizedProductQuantizer', 'sample', sample, 2);
    if (!starts.includes(start)) {
      throw new HashOptionError(
        `OptimizedProductQuantizer: start: expected one of ${starts.join(', ')}, got ${shown(start)}`,
      );
    }
    this.parts = parts;
    this.#options = { parts, centroids, iterations, start, startIterations };
    this.#sample = sample;
  }

  static fromJson(json: HasherJson): OptimizedProductQuantizer {
    const reader = modelReader('OptimizedProductQuantizer.fromJson', 'opq', json);
    const codebooks = readCodebooks(reader);
    const quantizer = new OptimizedProductQuantizer(codebooks);
    const d = codebooks.parts * codebooks.width;
    quantizer.#state = {
      rotation: reader.matrix('rotation', d, d),
      quantizer: ProductQuantizer.fromCodebooks(codebooks),
    };
    return quantizer;
  }

  get centroids(): number {
    return this.#state?.quantizer.centroids ?? this.#options.centroids;
  }

  get dimensions(): number | null {
    return this.#state?.quantizer.dimensions ?? null;
  }

  /** R, `[d × d]`. @throws NotFittedError */
  get rotation(): Matrix {
    return this.#fitted().rotation;
  }

  async fit(vectors: Matrix, options: FitOptions = {}): Promise<FitReport> {
    requireVectors('OptimizedProductQuantizer.fit', vectors);
    const { parts, centroids, iterations, start, startIterations } = this.#options;
    partWidth('OptimizedProductQuantizer.fit', vectors.columns, parts);
    if (vectors.rows < 2)
      throw new TrainingDataError(`OptimizedProductQuantizer.fit: expected at least 2 vectors, got ${vectors.rows}`);
    const given = fitOptionsOf('OptimizedProductQuantizer.fit', options);
    const { seed = 0, operations = plainOperations(), signal, progress } = given;
    const rng = createRng(seed);
    const { rows } = drawRows(vectors, this.#sample, rng);
    const rotation = await startRotation(rows, parts, start, rng.stream('rotation'), operations);
    const first = new ProductQuantizer({ parts, centroids, iterations: startIterations });
    const { warnings } = await first.fit(await operations.multiply(rows, rotation), {
      seed,
      operations,
      ...(signal && { signal }),
    });
    let state: OpqState = { rotation, codebooks: first.codebooks };
    const objective: number[] = [];
    for (let iteration = 0; iteration < iterations; iteration++) {
      signal?.throwIfAborted();
      const step = await opqStep(rows, state, { operations, ...(signal && { signal }) });
      state = step;
      objective.push(step.objective[2]);
      progress?.((iteration + 1) / iterations, step.objective[2]);
    }
    this.#state = { rotation: state.rotation, quantizer: ProductQuantizer.fromCodebooks(state.codebooks) };
    return { rows: rows.rows, objective, warnings };
  }

  async encode(vectors: Matrix, options: EncodeOptions = {}): Promise<QuantizedCodes> {
    const { rotation, quantizer } = this.#fitted();
    requireVectors('OptimizedProductQuantizer.encode', vectors, this.dimensions!);
    const { operations = plainOperations() } = encodeOptionsOf('OptimizedProductQuantizer.encode', options);
    return quantizer.encode(await operations.multiply(vectors, rotation), options);
  }

  decode(codes: QuantizedCodes): Matrix {
    const { rotation, quantizer } = this.#fitted();
    requireQuantized('OptimizedProductQuantizer.decode', codes, this.parts, this.centroids);
    return turnedBack(quantizer.decode(codes), rotation);
  }

  tables(query: ArrayLike<number>): Float64Array {
    const { rotation, quantizer } = this.#fitted();
    requireQuery('OptimizedProductQuantizer.tables', query, this.dimensions);
    return quantizer.tables(turned(query, rotation));
  }

  constantOf(_query: ArrayLike<number>): number {
    return 0;
  }

  /** Squared distances between the centroids of every part, `[parts × K × K]`. */
  symmetricTables(): Float64Array {
    return this.#fitted().quantizer.symmetricTables();
  }

  toJSON(): HasherJson {
    const { rotation, quantizer } = this.#fitted();
    return { kind: 'opq', version: 1, model: packFields({ ...quantizer.codebooks, rotation }) };
  }

  #fitted() {
    if (!this.#state) throw new NotFittedError('OptimizedProductQuantizer: fit it first, or load it with fromJson');
    return this.#state;
  }
}

/** xᵀ·R */
function turned(x: ArrayLike<number>, { columns, values }: Matrix): Float64Array {
  const result = new Float64Array(columns);
  for (let i = 0; i < x.length; i++) for (let j = 0; j < columns; j++) result[j]! += x[i]! * values[i * columns + j]!;
  return result;
}

/** Z·Rᵀ */
function turnedBack({ rows, columns, values }: Matrix, rotation: Matrix): Matrix {
  const result = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += values[i * columns + k]! * rotation.values[j * columns + k]!;
      result[i * columns + j] = sum;
    }
  }
  return { rows, columns, values: result };
}

async function startRotation(
  vectors: Matrix,
  parts: number,
  start: OpqStart,
  rng: Rng,
  operations: MatrixOperations,
): Promise<Matrix> {
  const d = vectors.columns;
  if (start === 'identity') return identity(d);
  if (start === 'random') return randomRotation(d, rng);
  // All d directions, also where there are fewer vectors.
  const { values: eigenvalues, vectors: directions } = symmetricEigen(
    (await covariance(vectors, { operations })).covariance,
  );
  const order = allocateEigenDirections(eigenvalues, parts).flat();
  const values = new Float64Array(d * d);
  for (const [column, direction] of order.entries()) {
    for (let i = 0; i < d; i++) values[i * d + column] = directions.values[direction * d + i]!;
  }
  return createMatrix(values, d);
}
