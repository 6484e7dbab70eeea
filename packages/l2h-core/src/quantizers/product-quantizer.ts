import { kMeans, type Matrix, type MatrixOperations, plainOperations, rowRange } from '@tensor-papers/numerics/linalg';
import { createRng, type Rng } from '@tensor-papers/numerics/random';
import { HashOptionError, NonFiniteVectorError, NotFittedError, VectorShapeError } from '../errors.js';
import { encodeOptionsOf, fitOptionsOf } from '../hashers/fit-options.js';
import type { EncodeOptions, FitOptions, FitReport, HasherJson } from '../hashers/hasher.js';
import { takeRows } from '../hashers/rows.js';
import { drawRows } from '../hashers/training.js';
import { packFields } from '../json-fields.js';
import { isList } from '../lists.js';
import { optionsOf, requireInteger } from '../options.js';
import { shown } from '../shown.js';
import { columnMeans } from '../vectors/column-means.js';
import { requireVectors } from '../vectors/require-vectors.js';
import { asymmetricTables, type Codebooks, codebookOf, partOf, reconstruct, symmetricTables } from './codebooks.js';
import { lloydStep } from './lloyd.js';
import { modelReader, readCodebooks } from './model-json.js';
import { type QuantizedCodes, type Quantizer, requireQuantized } from './quantizer.js';

/** Options of {@link ProductQuantizer}. */
export interface ProductQuantizerOptions {
  /** Bytes of a code: into so many parts of equal width a vector is cut. */
  readonly parts: number;
  /** Centroids of each part, 1 … 256. Default 256; fewer where there are fewer vectors to learn from. */
  readonly centroids?: number;
  /** Lloyd steps after the k-means++ start. Default 25. */
  readonly iterations?: number;
  /** Learn from at most so many vectors, drawn with the seed. Default all. */
  readonly sample?: number;
}

/** Vectors that are coded together, so that memory stays bounded. */
const blockRows = 16_384;

/**
 * Product quantisation (Jégou, Douze and Schmid, 2011): a vector is cut into parts, each part is replaced by the nearest of K centroids of
 * its own (k-means), and a code is one byte a part.
 *
 * Asymmetric distance: ‖q − x̂‖² = Σ_m ‖q^m − c^m‖², one table look-up a part. The same data, options, seed and operations give the same codes.
 *
 * @throws HashOptionError for options out of range
 * @example
 * const quantizer = new ProductQuantizer({ parts: 8 });
 * await quantizer.fit(vectors, { seed: 1 });
 * const codes = await quantizer.encode(vectors); // 8 bytes each
 */
export class ProductQuantizer implements Quantizer {
  readonly kind = 'pq';
  readonly parts: number;
  readonly #iterations: number;
  readonly #wanted: number;
  readonly #sample: number | undefined;
  #codebooks: Codebooks | undefined;

  constructor(options: ProductQuantizerOptions) {
    const { parts, centroids = 256, iterations = 25, sample } = optionsOf('ProductQuantizer', options, '{ parts: 8 }');
    requireInteger('ProductQuantizer', 'parts', parts, 1);
    requireInteger('ProductQuantizer', 'centroids', centroids, 1, 256);
    requireInteger('ProductQuantizer', 'iterations', iterations, 0);
    if (sample !== undefined) requireInteger('ProductQuantizer', 'sample', sample, 1);
    this.parts = parts;
    this.#wanted = centroids;
    this.#iterations = iterations;
    this.#sample = sample;
  }

  /** Around given codebooks. @throws HashOptionError */
  static fromCodebooks(codebooks: Codebooks): ProductQuantizer {
    const what = 'ProductQuantizer.fromCodebooks';
    const { parts, centroids, width, values } = optionsOf(what, codebooks, '{ parts, centroids, width, values }');
    requireInteger(what, 'parts', parts, 1);
    requireInteger(what, 'centroids', centroids, 1, 256);
    requireInteger(what, 'width', width, 1);
    const size = parts * centroids * width;
    const typed = values instanceof Float64Array;
    if (!typed || values.length !== size) {
      throw new HashOptionError(
        `${what}: values: expected a Float64Array of parts × centroids × width = ${size} numbers, got ${typed ? values.length : shown(values)}`,
      );
    }
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) {
      throw new HashOptionError(`${what}: values: expected finite numbers, got ${values[wrong]} at ${wrong}`);
    }
    const quantizer = new ProductQuantizer({ parts, centroids });
    quantizer.#codebooks = codebooks;
    return quantizer;
  }

  static fromJson(json: HasherJson): ProductQuantizer {
    return ProductQuantizer.fromCodebooks(readCodebooks(modelReader('ProductQuantizer.fromJson', 'pq', json)));
  }

  get centroids(): number {
    return this.#codebooks?.centroids ?? this.#wanted;
  }

  get dimensions(): number | null {
    return this.#codebooks ? this.parts * this.#codebooks.width : null;
  }

  /** @throws NotFittedError */
  get codebooks(): Codebooks {
    if (!this.#codebooks) throw new NotFittedError('ProductQuantizer: fit it first, or load it with fromJson');
    return this.#codebooks;
  }

  async fit(vectors: Matrix, options: FitOptions = {}): Promise<FitReport> {
    requireVectors('ProductQuantizer.fit', vectors);
    const width = partWidth('ProductQuantizer.fit', vectors.columns, this.parts);
    const given = fitOptionsOf('ProductQuantizer.fit', options);
    const { seed = 0, operations = plainOperations(), signal, progress } = given;
    const rng = createRng(seed).stream('product-quantizer');
    const { rows: learnt } = drawRows(vectors, this.#sample, rng);
    const centroids = Math.min(this.#wanted, learnt.rows);
    const warnings =
      centroids < this.#wanted
        ? [`only ${learnt.rows} vectors: ${centroids} centroids a part, not ${this.#wanted}`]
        : [];
    const codebooks = { parts: this.parts, centroids, width, values: new Float64Array(this.parts * centroids * width) };
    let error = 0;
    for (let m = 0; m < this.parts; m++) {
      signal?.throwIfAborted();
      const rows = partOf(learnt, codebooks, m);
      const part = await trainedPart(rows, centroids, this.#iterations, rng.stream(String(m)), operations, signal);
      codebookOf(codebooks, m).values.set(part.centroids.values);
      error += part.error;
      progress?.((m + 1) / this.parts, error);
    }
    this.#codebooks = codebooks;
    return { rows: learnt.rows, objective: [error], warnings };
  }

  async encode(vectors: Matrix, options: EncodeOptions = {}): Promise<QuantizedCodes> {
    const { codebooks } = this;
    const { operations = plainOperations(), signal } = encodeOptionsOf('ProductQuantizer.encode', options);
    requireVectors('ProductQuantizer.encode', vectors, this.dimensions!);
    return assignParts(vectors, codebooks, operations, signal);
  }

  decode(codes: QuantizedCodes): Matrix {
    requireQuantized('ProductQuantizer.decode', codes, this.parts, this.centroids);
    return reconstruct(this.codebooks, codes);
  }

  tables(query: ArrayLike<number>): Float64Array {
    requireQuery('ProductQuantizer.tables', query, this.dimensions);
    return asymmetricTables(this.codebooks, query);
  }

  constantOf(_query: ArrayLike<number>): number {
    return 0;
  }

  /** Squared distances between the centroids of every part, `[parts × K × K]`, for symmetric distances between codes. */
  symmetricTables(): Float64Array {
    return symmetricTables(this.codebooks);
  }

  toJSON(): HasherJson {
    return { kind: 'pq', version: 1, model: packFields({ ...this.codebooks }) };
  }
}

/** Codes of vectors by the nearest centroid of every part; of equally near ones the lowest. */
export async function assignParts(
  vectors: Matrix,
  codebooks: Codebooks,
  operations: MatrixOperations,
  signal?: AbortSignal,
): Promise<QuantizedCodes> {
  const { parts, centroids, width, values } = codebooks;
  const all: Matrix = { rows: parts * centroids, columns: width, values };
  signal?.throwIfAborted();
  const nearest = await operations.nearestInParts?.(vectors, all, parts);
  signal?.throwIfAborted();
  if (nearest) return { n: vectors.rows, parts, bytes: Uint8Array.from(nearest) };
  const bytes = new Uint8Array(vectors.rows * parts);
  for (let start = 0; start < vectors.rows; start += blockRows) {
    signal?.throwIfAborted();
    const end = Math.min(vectors.rows, start + blockRows);
    const block = rowRange(vectors, start, end);
    for (let m = 0; m < parts; m++) {
      const rows = partOf(block, codebooks, m);
      const held = operations.holdRows(rows, new Float64Array(codebooks.width));
      try {
        const { assignments } = await held.assign(codebookOf(codebooks, m));
        for (let i = 0; i < assignments.length; i++) bytes[(start + i) * parts + m] = assignments[i]!;
      } finally {
        held.dispose();
      }
    }
  }
  return { n: vectors.rows, parts, bytes };
}

/** Rows that a start is drawn from, for each centroid: k-means++ compares every centroid with all of them. */
const startRows = 16;

/** At most so many rows. */
function drawn(rows: Matrix, count: number, rng: Rng): Matrix {
  return rows.rows <= count ? rows : takeRows(rows, rng.permutation(rows.rows).subarray(0, count));
}

/** k-means of the rows of one part. */
async function trainedPart(
  rows: Matrix,
  k: number,
  iterations: number,
  rng: Rng,
  operations: MatrixOperations,
  signal?: AbortSignal,
): Promise<{ centroids: Matrix; error: number }> {
  const first = await kMeans(drawn(rows, startRows * k, rng.stream('start-rows')), k, {
    rng,
    iterations: 1,
    operations,
  });
  const origin = columnMeans(rows);
  const relative = (sign: number, values: Float64Array) =>
    values.map((value, i) => value + sign * origin[i % rows.columns]!);
  let centroids: Matrix & { values: Float64Array } = {
    rows: k,
    columns: rows.columns,
    values: relative(-1, first.centroids.values),
  };
  const held = operations.holdRows(rows, origin);
  try {
    for (let step = 1; step < iterations; step++) {
      signal?.throwIfAborted();
      const next = await lloydStep(held, centroids);
      const still = next.values.every((value, i) => value === centroids.values[i]);
      centroids = next;
      if (still) break;
    }
    const { squaredDistances } = await held.assign(centroids);
    const error = squaredDistances.reduce((sum, value) => sum + value, 0);
    return { centroids: { ...centroids, values: relative(1, centroids.values) }, error };
  } finally {
    held.dispose();
  }
}

/** The width of a part. @throws VectorShapeError where the parts would not be equal */
export function partWidth(what: string, dimensions: number, parts: number): number {
  if (dimensions % parts === 0) return dimensions / parts;
  throw new VectorShapeError(
    `${what}: expected vectors whose dimension is a multiple of ${parts} parts, got ${dimensions}; pad them with zeros, or take a number of parts that divides it`,
  );
}

export function requireQuery(what: string, query: ArrayLike<number>, dimensions: number | null): void {
  if (dimensions === null) throw new NotFittedError(`${what}: fit it first, or load it with fromJson`);
  if (!isList(query) || query.length !== dimensions) {
    const got = isList(query) ? query.length : shown(query);
    throw new VectorShapeError(`${what}: expected a query of ${dimensions} numbers, got ${got}`);
  }
  for (let i = 0; i < dimensions; i++) {
    if (Number.isFinite(query[i])) continue;
    throw new NonFiniteVectorError(`${what}: expected finite numbers, got ${shown(query[i])} in column ${i}`);
  }
}
