import { type Matrix, plainOperations, rowRange } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import { HashOptionError, NotFittedError } from '../errors.js';
import { jsonReader, packFields } from '../json-fields.js';
import { optionsOf, requireAmount, requireFlag, requireInteger } from '../options.js';
import { requireVectors } from '../vectors/require-vectors.js';
import { encodeOptionsOf, fitOptionsOf } from './fit-options.js';
import type { EncodeOptions, HasherJson } from './hasher.js';
import { linearModel } from './linear-model.js';
import { type Matrix64, normalizedRows, rowBlocks } from './rows.js';

/** Options of {@link E2Lsh}. */
export interface E2LshOptions {
  /** How many hash functions; a table takes several together as its key. */
  readonly functions: number;
  /** Width w of a cell, in units of distance: neighbours nearer than this often share a cell. */
  readonly width: number;
  /** Whether vectors are scaled to length 1 first. Default false. */
  readonly normalize?: boolean;
}

/** What {@link E2Lsh} draws. */
interface E2LshModel {
  /** a, one a row, `[functions × d]` */
  readonly directions: Matrix64;
  /** b, `[functions]` */
  readonly offsets: Float64Array;
}

/**
 * Locality-sensitive hashing for Euclidean distance (Datar, Immorlica, Indyk and Mirrokni, 2004): integers ⌊(a·x + b) / w⌋ with Gaussian a
 * and b uniform in [0, w). They are keys of hash tables, not bits.
 *
 * @throws HashOptionError for options out of range
 * @example
 * const lsh = new E2Lsh({ functions: 16, width: 4 });
 * lsh.fit(128, { seed: 1 });
 * const cells = await lsh.hash(vectors); // Int32Array, [n × 16]
 */
export class E2Lsh {
  readonly kind = 'e2-lsh';
  readonly functions: number;
  readonly width: number;
  readonly #normalize: boolean;
  #model: E2LshModel | undefined;

  constructor(options: E2LshOptions) {
    const { functions, width, normalize = false } = optionsOf('E2Lsh', options, '{ functions: 16, width: 4 }');
    requireInteger('E2Lsh', 'functions', functions, 1);
    requireAmount('E2Lsh', 'width', width, true);
    requireFlag('E2Lsh', 'normalize', normalize);
    this.functions = functions;
    this.width = width;
    this.#normalize = normalize;
  }

  /** Dimension of the vectors; null before the fit. */
  get dimensions(): number | null {
    return this.#model?.directions.columns ?? null;
  }

  /** Draws functions for vectors of that dimension; of the data nothing is learnt. @throws HashOptionError */
  fit(dimensions: number, options: { readonly seed?: number } = {}): void {
    requireInteger('E2Lsh.fit', 'dimensions', dimensions, 1);
    const { seed = 0 } = fitOptionsOf('E2Lsh.fit', options);
    const rng = createRng(seed).stream('e2-lsh');
    const [a, b] = [rng.stream('directions'), rng.stream('offsets')];
    const values = Float64Array.from({ length: this.functions * dimensions }, () => a.normal());
    const offsets = Float64Array.from({ length: this.functions }, () => this.width * b.uniform());
    this.#model = { directions: { rows: this.functions, columns: dimensions, values }, offsets };
  }

  /**
   * Cells of vectors, `[n × functions]`.
   *
   * @throws NotFittedError, VectorShapeError, NonFiniteVectorError; HashOptionError where cells are too narrow for 32-bit integers
   */
  async hash(vectors: Matrix, options: EncodeOptions = {}): Promise<Int32Array> {
    const { operations = plainOperations(), signal } = encodeOptionsOf('E2Lsh.hash', options);
    const { directions, offsets } = this.#fitted();
    requireVectors('E2Lsh.hash', vectors, directions.columns);
    const cells = new Int32Array(vectors.rows * this.functions);
    const model = { mean: new Float64Array(directions.columns), directions, offsets };
    for (const [start, end] of rowBlocks(vectors.rows, vectors.columns)) {
      signal?.throwIfAborted();
      const block = this.#normalize ? normalizedRows(vectors, start, end) : rowRange(vectors, start, end);
      const { values } = await linearModel.score(model, block, operations);
      cells.set(cellsOf(values, this.width), start * this.functions);
    }
    return cells;
  }

  /** @throws NotFittedError */
  toJSON(): HasherJson {
    const { directions, offsets } = this.#fitted();
    const options = { functions: this.functions, width: this.width, normalize: this.#normalize };
    return { kind: this.kind, version: 1, options, model: packFields({ directions, offsets }) };
  }

  /** @throws HashOptionError for what toJSON() has not written */
  static fromJson(json: HasherJson): E2Lsh {
    const reader = jsonReader('E2Lsh.fromJson', 'functions', 'e2-lsh', json);
    const lsh = new E2Lsh(reader.object('options') as E2LshOptions);
    const model = reader.fields('model');
    const offsets = model.vector('offsets', lsh.functions);
    lsh.#model = { directions: model.matrix('directions', lsh.functions), offsets };
    return lsh;
  }

  #fitted(): E2LshModel {
    if (this.#model) return this.#model;
    throw new NotFittedError('E2Lsh: fit it first, or load it with fromJson');
  }
}

/** ⌊value / width⌋ of a·x + b. @throws HashOptionError */
export function cellsOf(values: ArrayLike<number>, width: number): Int32Array {
  return Int32Array.from(values, (value) => {
    const cell = Math.floor(value / width);
    if (cell === (cell | 0)) return cell;
    throw new HashOptionError(
      `E2Lsh.hash: cell ${cell} is beyond 32-bit integers; choose a larger width than ${width}`,
    );
  });
}
