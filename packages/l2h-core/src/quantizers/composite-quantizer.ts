import { type Matrix, plainOperations } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import { NotFittedError } from '../errors.js';
import { encodeOptionsOf, fitOptionsOf } from '../hashers/fit-options.js';
import type { EncodeOptions, FitOptions, FitReport, HasherJson } from '../hashers/hasher.js';
import { drawRows } from '../hashers/training.js';
import { packFields } from '../json-fields.js';
import { optionsOf, requireAmount, requireInteger } from '../options.js';
import { requireVectors } from '../vectors/require-vectors.js';
import { type CompositeCodebooks, compose, compositeCost, crossTerms, icmSweeps } from './cq-cost.js';
import { modelReader, readCount } from './model-json.js';
import { ProductQuantizer, partWidth, requireQuery } from './product-quantizer.js';
import { type QuantizedCodes, type Quantizer, requireQuantized } from './quantizer.js';

/** Options of {@link CompositeQuantizer}. */
export interface CompositeQuantizerOptions {
  /** Bytes of a code. */
  readonly parts: number;
  /** Centroids of each part, 1 … 256. Default 256. */
  readonly centroids?: number;
  /** Weight of (cross term − ε)², in units of one over the vectors' mean squared norm. Default 0.1. */
  readonly penalty?: number;
  /** Alternations of codes, ε and centroids. Default 10. */
  readonly iterations?: number;
  /** Sweeps of iterated conditional modes for each coding. Default 3. */
  readonly sweeps?: number;
  /** Learn from at most so many vectors, drawn with the seed. Default all. */
  readonly sample?: number;
}

interface State {
  readonly codebooks: CompositeCodebooks;
  readonly mu: number;
  readonly epsilon: number;
}

const gradientSteps = 5;
const blockRows = 4_096;

/**
 * Composite quantisation (Zhang, Du and Wang, 2014): a vector is the sum of one centroid of each part, all of the vectors' dimension, with
 * cross terms Σ_{i≠j} c_iᵀc_j near a constant ε, so that distances stay sums of table entries.
 *
 * min Σ‖x − x̂‖² + μ Σ(cross − ε)². Starts as product quantisation (orthogonal parts, ε = 0); codes by iterated conditional modes, ε the mean
 * cross term, centroids by descent on the gradient with backtracking, so that the cost never rises.
 *
 * @throws HashOptionError for options out of range
 */
export class CompositeQuantizer implements Quantizer {
  readonly kind = 'cq';
  readonly parts: number;
  readonly #options: Required<Omit<CompositeQuantizerOptions, 'sample'>>;
  readonly #sample: number | undefined;
  #state: State | undefined;

  constructor(options: CompositeQuantizerOptions) {
    const given = optionsOf('CompositeQuantizer', options, '{ parts: 8 }');
    const { parts, centroids = 256, penalty = 0.1, iterations = 10, sweeps = 3, sample } = given;
    requireInteger('CompositeQuantizer', 'parts', parts, 1);
    requireInteger('CompositeQuantizer', 'centroids', centroids, 1, 256);
    requireInteger('CompositeQuantizer', 'iterations', iterations, 0);
    requireInteger('CompositeQuantizer', 'sweeps', sweeps, 1);
    requireAmount('CompositeQuantizer', 'penalty', penalty);
    if (sample !== undefined) requireInteger('CompositeQuantizer', 'sample', sample, 1);
    this.parts = parts;
    this.#options = { parts, centroids, penalty, iterations, sweeps };
    this.#sample = sample;
  }

  static fromJson(json: HasherJson): CompositeQuantizer {
    const reader = modelReader('CompositeQuantizer.fromJson', 'cq', json);
    const parts = readCount(reader, 'parts');
    const centroids = readCount(reader, 'centroids', 256);
    const dimensions = readCount(reader, 'dimensions');
    const values = reader.vector('values', parts * centroids * dimensions);
    const quantizer = new CompositeQuantizer({ parts, centroids, sweeps: readCount(reader, 'sweeps') });
    const codebooks = { parts, centroids, dimensions, values };
    quantizer.#state = { codebooks, mu: reader.number('mu'), epsilon: reader.number('epsilon') };
    return quantizer;
  }

  get centroids(): number {
    return this.#state?.codebooks.centroids ?? this.#options.centroids;
  }

  get dimensions(): number | null {
    return this.#state?.codebooks.dimensions ?? null;
  }

  async fit(vectors: Matrix, options: FitOptions = {}): Promise<FitReport> {
    requireVectors('CompositeQuantizer.fit', vectors);
    const { parts, centroids, penalty, iterations, sweeps } = this.#options;
    const width = partWidth('CompositeQuantizer.fit', vectors.columns, parts);
    const given = fitOptionsOf('CompositeQuantizer.fit', options);
    const { seed = 0, operations = plainOperations(), signal, progress } = given;
    const { rows } = drawRows(vectors, this.#sample, createRng(seed));
    const product = new ProductQuantizer({ parts, centroids });
    const { warnings } = await product.fit(rows, { seed, operations, ...(signal && { signal }) });
    let codebooks = spreadOut(product, width, vectors.columns);
    let codes = await product.encode(rows, { operations, ...(signal && { signal }) });
    const mu = penalty / meanSquaredNorm(rows);
    let epsilon = 0;
    const objective: number[] = [];
    for (let iteration = 0; iteration < iterations; iteration++) {
      signal?.throwIfAborted();
      epsilon = mean(crossTerms(codebooks, codes));
      codebooks = descend(rows, codebooks, codes, { mu, epsilon });
      codes = icmSweeps(rows, codebooks, codes, { mu, epsilon }, sweeps);
      const { cost } = compositeCost(rows, codebooks, codes, { mu, epsilon });
      objective.push(cost);
      progress?.((iteration + 1) / iterations, cost);
    }
    this.#state = { codebooks, mu, epsilon };
    return { rows: rows.rows, objective, warnings };
  }

  async encode(vectors: Matrix, options: EncodeOptions = {}): Promise<QuantizedCodes> {
    const { signal } = encodeOptionsOf('CompositeQuantizer.encode', options);
    const { codebooks, mu, epsilon } = this.#fitted();
    const { parts, dimensions: d } = codebooks;
    requireVectors('CompositeQuantizer.encode', vectors, d);
    const bytes = new Uint8Array(vectors.rows * parts);
    for (let start = 0; start < vectors.rows; start += blockRows) {
      signal?.throwIfAborted();
      const n = Math.min(blockRows, vectors.rows - start);
      const block = { rows: n, columns: d, values: vectors.values.subarray(start * d, (start + n) * d) };
      const zeros: QuantizedCodes = { n, parts, bytes: new Uint8Array(n * parts) };
      const codes = icmSweeps(block, codebooks, zeros, { mu, epsilon }, this.#options.sweeps);
      bytes.set(codes.bytes, start * parts);
    }
    return { n: vectors.rows, parts, bytes };
  }

  decode(codes: QuantizedCodes): Matrix {
    const { codebooks } = this.#fitted();
    requireQuantized('CompositeQuantizer.decode', codes, this.parts, this.centroids);
    const values = new Float32Array(codes.n * codebooks.dimensions);
    for (let i = 0; i < codes.n; i++) values.set(compose(codebooks, codes.bytes, i), i * codebooks.dimensions);
    return { rows: codes.n, columns: codebooks.dimensions, values };
  }

  tables(query: ArrayLike<number>): Float64Array {
    requireQuery('CompositeQuantizer.tables', query, this.dimensions);
    const { parts, centroids, dimensions: d, values } = this.#fitted().codebooks;
    return Float64Array.from({ length: parts * centroids }, (_, c) => {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += (query[j]! - values[c * d + j]!) ** 2;
      return sum;
    });
  }

  /** Σ_m ‖q − c_m‖² counts ‖q‖² once a part, and leaves out the cross terms, which are about ε. */
  constantOf(query: ArrayLike<number>): number {
    const { epsilon } = this.#fitted();
    requireQuery('CompositeQuantizer.constantOf', query, this.dimensions);
    let norm = 0;
    for (let j = 0; j < query.length; j++) norm += query[j]! * query[j]!;
    return epsilon - (this.parts - 1) * norm;
  }

  toJSON(): HasherJson {
    const { codebooks, mu, epsilon } = this.#fitted();
    const { sweeps } = this.#options;
    return { kind: 'cq', version: 1, model: packFields({ ...codebooks, mu, epsilon, sweeps }) };
  }

  #fitted(): State {
    if (!this.#state) throw new NotFittedError('CompositeQuantizer: fit it first, or load it with fromJson');
    return this.#state;
  }
}

/** Centroids of a product quantiser, each with zeros outside of its part. */
function spreadOut(product: ProductQuantizer, width: number, dimensions: number): CompositeCodebooks {
  const { parts, centroids, values } = product.codebooks;
  const spread = new Float64Array(parts * centroids * dimensions);
  for (let c = 0; c < parts * centroids; c++) {
    const part = Math.floor(c / centroids);
    spread.set(values.subarray(c * width, (c + 1) * width), c * dimensions + part * width);
  }
  return { parts, centroids, dimensions, values: spread };
}

/** Steps along the gradient, each centroid's share divided by its vectors; a step that does not lower the cost is halved. */
function descend(
  vectors: Matrix,
  start: CompositeCodebooks,
  codes: QuantizedCodes,
  penalty: { mu: number; epsilon: number },
): CompositeCodebooks {
  const { parts, centroids, dimensions: d } = start;
  const counts = new Float64Array(parts * centroids);
  for (let i = 0; i < codes.bytes.length; i++) counts[(i % parts) * centroids + codes.bytes[i]!]!++;
  let codebooks = start;
  let { cost, gradient } = compositeCost(vectors, codebooks, codes, penalty);
  let rate = 0.5 / parts;
  for (let step = 0; step < gradientSteps; step++) {
    const values = codebooks.values.map(
      (value, i) => value - (rate * gradient[i]!) / Math.max(1, counts[Math.floor(i / d)]!),
    );
    const next = { ...codebooks, values };
    const after = compositeCost(vectors, next, codes, penalty);
    if (after.cost < cost) {
      codebooks = next;
      ({ cost, gradient } = after);
      rate *= 1.5;
    } else {
      rate /= 2;
    }
  }
  return codebooks;
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

function meanSquaredNorm({ rows, values }: Matrix): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum > 0 ? sum / rows : 1;
}
