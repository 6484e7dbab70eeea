import { kMeans, type Matrix, rowRange } from '@tensor-papers/numerics/linalg';
import { HashOptionError, TrainingDataError } from '../errors.js';
import { optionsOf, requireAmount, requireInteger } from '../options.js';
import { shown } from '../shown.js';
import {
  anchorGraph,
  anchorWeights,
  mixAnchors,
  type NearestAnchors,
  nearestAnchors,
  secondThresholds,
} from './anchor-graph.js';
import type { HasherJson } from './hasher.js';
import { type HasherOptions, type Learned, LearnedHasher, type Method, type ModelKind } from './learned-hasher.js';
import { type Matrix64, rowBlocks } from './rows.js';
import type { Training } from './training.js';

/** Options of {@link Agh}. */
export interface AghOptions extends HasherOptions {
  /** Anchors, centres of k-means. Default 300; fewer where there are fewer vectors. */
  readonly anchors?: number;
  /** Nearest anchors that a vector is described by. Default 3. */
  readonly neighbours?: number;
  /** Width of the kernel exp(−‖x − u‖² / σ²). Default: the mean distance to the last of the nearest anchors. */
  readonly sigma?: number;
  /** 1: a bit for each eigenvector. 2: half as many eigenvectors, each cut a second time. Default 1. */
  readonly layers?: 1 | 2;
  /** Iterations of k-means. Default 25. */
  readonly anchorIterations?: number;
}

/** Scores z(x)·W, and in a second layer how far these are from the thresholds of their halves. */
export interface AghModel {
  /** `[t × d]` */
  readonly anchors: Matrix;
  readonly neighbours: number;
  readonly sigma: number;
  /** `[t × eigenvectors]` */
  readonly weights: Matrix;
  /** Thresholds of the second layer, `[eigenvectors]`, or empty. */
  readonly above: Float64Array;
  readonly below: Float64Array;
}

const aghModel: ModelKind<AghModel> = {
  dimensions: ({ anchors }) => anchors.columns,
  async score({ anchors, neighbours, sigma, weights, above, below }, block, operations) {
    const nearest = await nearestAnchors(block, anchors, neighbours, operations);
    return withSecondLayer(mixAnchors(anchorWeights(nearest, sigma), weights), above, below);
  },
  fields: (model) => ({ ...model }),
  read(reader, bits) {
    const anchors = reader.matrix('anchors');
    const neighbours = reader.number('neighbours');
    const above = reader.vector('above');
    const below = reader.vector('below', above.length);
    if (above.length !== 0 && above.length * 2 !== bits) {
      throw new HashOptionError(`Agh.fromJson: expected no thresholds or ${bits / 2}, got ${above.length}`);
    }
    if (!Number.isInteger(neighbours) || neighbours < 1 || neighbours > anchors.rows) {
      throw new HashOptionError(
        `Agh.fromJson: expected neighbours in 1 … ${anchors.rows}, the anchors, got ${neighbours}`,
      );
    }
    const weights = reader.matrix('weights', anchors.rows, bits - above.length);
    return { anchors, neighbours, sigma: reader.number('sigma'), weights, above, below };
  },
};

/** First the eigenvectors, then, where there are thresholds, the second cut of each. */
function withSecondLayer(first: Matrix64, above: Float64Array, below: Float64Array): Matrix64 {
  const count = above.length;
  if (count === 0) return first;
  const values = new Float64Array(first.rows * 2 * count);
  for (let at = 0; at < first.values.length; at++) {
    const k = at % count;
    const y = first.values[at]!;
    const to = 2 * (at - k) + k;
    values[to] = y;
    values[to + count] = y >= 0 ? y - above[k]! : below[k]! - y;
  }
  return { rows: first.rows, columns: 2 * count, values };
}

const method: Method<AghModel> = { kind: 'agh', name: 'Agh', model: aghModel };

/**
 * Anchor graph hashing (Liu, Wang, Kumar and Chang, 2011): signs of the smoothest functions on a graph in which vectors are as near as they
 * share anchors; new vectors are placed by their own anchors.
 *
 * @throws HashOptionError for options out of range, and at the fit for as many bits a layer as anchors
 */
export class Agh extends LearnedHasher<AghModel> {
  readonly #options: Required<Pick<AghOptions, 'anchors' | 'neighbours' | 'layers' | 'anchorIterations'>>;
  readonly #sigma: number | undefined;

  constructor(options: AghOptions) {
    const {
      bits,
      anchors = 300,
      neighbours = 3,
      layers = 1,
      anchorIterations = 25,
      normalize = false,
      ...rest
    } = optionsOf('Agh', options, '{ bits: 64 }');
    const resolved = { bits, anchors, neighbours, layers, anchorIterations, normalize, ...rest };
    super(method, resolved);
    requireInteger('Agh', 'anchors', anchors, 2);
    requireInteger('Agh', 'neighbours', neighbours, 1);
    requireInteger('Agh', 'anchorIterations', anchorIterations, 1);
    if (rest.sigma !== undefined) requireAmount('Agh', 'sigma', rest.sigma, true);
    if (layers !== 1 && layers !== 2) throw new HashOptionError(`Agh: layers: expected 1 or 2, got ${shown(layers)}`);
    if (bits % layers !== 0) throw new HashOptionError(`Agh: two layers need an even number of bits, got ${bits}`);
    this.#options = resolved;
    this.#sigma = rest.sigma;
  }

  static fromJson(json: HasherJson): Agh {
    return LearnedHasher.restore(json, method, (options) => new Agh(options));
  }

  protected async learn(training: Training): Promise<Learned<AghModel>> {
    const { rows, step } = training;
    const { layers, anchorIterations } = this.#options;
    const wanted = this.#options.anchors;
    const count = Math.min(wanted, rows.rows);
    const eigenvectors = this.bits / layers;
    if (eigenvectors >= count) {
      throw new HashOptionError(
        `Agh.fit: ${count} anchors give at most ${count - 1} bits a layer, got ${eigenvectors}; ask for fewer bits or more anchors`,
      );
    }
    const warnings = count < wanted ? [`only ${rows.rows} vectors: ${count} anchors, not ${wanted}`] : [];
    const neighbours = Math.min(this.#options.neighbours, count);
    const anchors = await learnAnchors(training, count, anchorIterations);
    const nearest = await allNearest(training, anchors, neighbours);
    const sigma = this.#sigma ?? meanDistanceToLast(nearest);
    if (sigma === 0) {
      throw new TrainingDataError(
        'Agh.fit: vectors coincide with their nearest anchors, so there is no width to learn; pass sigma',
      );
    }
    const z = anchorWeights(nearest, sigma);
    const graph = anchorGraph(z, count, eigenvectors);
    if (!graph) {
      throw new TrainingDataError(
        `Agh.fit: the anchors give fewer than ${eigenvectors} independent functions; ask for fewer bits or more anchors`,
      );
    }
    await step(1);
    const y = layers === 2 ? mixAnchors(z, graph.weights) : undefined;
    const cuts = Array.from({ length: y?.columns ?? 0 }, (_, k) => secondThresholds(column(y!, k), z, graph.masses));
    const above = Float64Array.from(cuts, (cut) => cut.above);
    const below = Float64Array.from(cuts, (cut) => cut.below);
    return { model: { anchors, neighbours, sigma, weights: graph.weights, above, below }, warnings };
  }
}

/** So many iterations of k-means go by before the fit can be aborted. */
const chunk = 5;

async function learnAnchors(
  { rows, rng, operations, step }: Training,
  count: number,
  iterations: number,
): Promise<Matrix> {
  let anchors: Matrix | undefined;
  for (let done = 0; done < iterations; ) {
    const now = Math.min(chunk, iterations - done);
    const start = anchors ?? 'k-means++';
    const result = await kMeans(rows, count, { start, iterations: now, rng: rng.stream('anchors'), operations });
    anchors = result.centroids;
    done += now;
    await step((0.9 * done) / iterations);
    if (result.converged) break;
  }
  return anchors!;
}

async function allNearest({ rows, operations, step }: Training, anchors: Matrix, s: number): Promise<NearestAnchors> {
  const indices = new Int32Array(rows.rows * s);
  const squares = new Float64Array(rows.rows * s);
  for (const [start, end] of rowBlocks(rows.rows, rows.columns)) {
    const block = await nearestAnchors(rowRange(rows, start, end), anchors, s, operations);
    indices.set(block.indices, start * s);
    squares.set(block.squares, start * s);
    await step(0.9);
  }
  return { s, indices, squares };
}

function meanDistanceToLast({ s, squares }: NearestAnchors): number {
  let sum = 0;
  for (let at = s - 1; at < squares.length; at += s) sum += Math.sqrt(squares[at]!);
  return (sum * s) / squares.length;
}

const column = ({ rows, columns, values }: Matrix64, k: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => values[i * columns + k]!);
