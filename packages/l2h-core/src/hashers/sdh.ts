import type { Matrix, MatrixOperations } from '@tensor-papers/numerics/linalg';
import { optionsOf, requireAmount, requireInteger } from '../options.js';
import type { HasherJson } from './hasher.js';
import { type KernelModel, kernelFeatures, kernelModel } from './kernel-model.js';
import { type HasherOptions, type Learned, LearnedHasher, type Method } from './learned-hasher.js';
import { copyRows, type Matrix64, rowBlocks, transposed } from './rows.js';
import { bitTargets, classSums, descendBits, ridgeRegression, sdhObjective } from './sdh-codes.js';
import type { Training } from './training.js';

/** Options of {@link Sdh}. */
export interface SdhOptions extends HasherOptions {
  /** Anchors of the kernel, drawn among the training vectors. Default 300; fewer where there are fewer vectors. */
  readonly anchors?: number;
  /** Width of the kernel exp(−‖x − u‖² / 2σ²). Default: the mean distance to the ten nearest anchors. */
  readonly sigma?: number;
  /** Alternations between hash function, classifier and codes. Default 5. */
  readonly iterations?: number;
  /** At most so many cycles over the bits an iteration. Default 10. */
  readonly sweeps?: number;
  /** Weight of ‖W‖² of the classifier. Default 1. */
  readonly lambda?: number;
  /** Weight of what the hash function misses of the codes. Default 1e-5. */
  readonly nu?: number;
  /** Ridge of the hash function. Default 1e-2. */
  readonly ridge?: number;
}

const method: Method<KernelModel> = { kind: 'sdh', name: 'Sdh', model: kernelModel, supervised: true };

/**
 * Supervised discrete hashing (Shen, Shen, Liu and Shen, 2015): codes from which a linear classifier tells the class, found bit by bit, and
 * a kernel regression that predicts them.
 *
 * @throws HashOptionError for options out of range
 */
export class Sdh extends LearnedHasher<KernelModel> {
  readonly #options: Required<Omit<SdhOptions, 'sigma' | 'sample' | 'normalize'>>;
  readonly #sigma: number | undefined;

  constructor(options: SdhOptions) {
    const given = optionsOf('Sdh', options, '{ bits: 64 }');
    const { bits, anchors = 300, iterations = 5, sweeps = 10, lambda = 1, nu = 1e-5, ridge = 1e-2, ...rest } = given;
    const resolved = { bits, anchors, iterations, sweeps, lambda, nu, ridge, ...rest };
    super(method, resolved);
    requireInteger('Sdh', 'anchors', anchors, 1);
    requireInteger('Sdh', 'iterations', iterations, 1);
    requireInteger('Sdh', 'sweeps', sweeps, 1);
    requireAmount('Sdh', 'lambda', lambda);
    requireAmount('Sdh', 'nu', nu);
    requireAmount('Sdh', 'ridge', ridge);
    if (rest.sigma !== undefined) requireAmount('Sdh', 'sigma', rest.sigma, true);
    this.#options = resolved;
    this.#sigma = rest.sigma;
  }

  static fromJson(json: HasherJson): Sdh {
    return LearnedHasher.restore(json, method, (options) => new Sdh(options));
  }

  protected async learn(training: Training): Promise<Learned<KernelModel>> {
    const { classes, rng, operations, step } = training;
    const { iterations, sweeps, lambda, nu, ridge } = this.#options;
    const { anchors, sigma, features, warnings } = await kernelFeatures(
      'Sdh.fit',
      training,
      this.#options.anchors,
      this.#sigma,
      true,
    );
    const gram = await gramOf(features, operations);
    const draws = rng.stream('codes');
    const size = features.rows * this.bits;
    const values = Float64Array.from({ length: size }, () => (draws.uniform() < 0.5 ? -1 : 1));
    const b: Matrix64 = { rows: features.rows, columns: this.bits, values };
    const objective: number[] = [];
    for (let i = 0; i < iterations; i++) {
      const f = await wide(operations.multiply(features, await regress(features, gram, b, ridge, operations)));
      const w = ridgeRegression(await gramOf(b, operations), classSums(b, classes.of, classes.count), lambda);
      descendBits(b, bitTargets(classes.of, w, f, nu), w, sweeps);
      objective.push(sdhObjective(b, classes.of, w, f, { lambda, nu }));
      await step((i + 1) / iterations, objective[i]);
    }
    const p = await regress(features, gram, b, ridge, operations);
    const weights = { rows: this.bits, columns: anchors.rows, values: transposed(p) };
    return { model: { anchors, sigma, mean: new Float64Array(anchors.rows), weights }, objective, warnings };
  }
}

/** P, `[t × bits]`, so that features·P is near to the codes. */
async function regress(features: Matrix, gram: Matrix64, b: Matrix64, ridge: number, operations: MatrixOperations) {
  return ridgeRegression(gram, await wide(operations.multiply(features, b, { transposeA: true })), ridge);
}

/** AᵀA in float64, of rows that may be kept in float32. */
async function gramOf(a: Matrix, operations: MatrixOperations): Promise<Matrix64> {
  const values = new Float64Array(a.columns ** 2);
  for (const [start, end] of rowBlocks(a.rows, a.columns)) {
    const block = copyRows(a, start, end);
    const product = await operations.multiply(block, block, { transposeA: true });
    for (let at = 0; at < values.length; at++) values[at]! += product.values[at]!;
  }
  return { rows: a.columns, columns: a.columns, values };
}

async function wide(product: Promise<Matrix>): Promise<Matrix64> {
  const { rows, columns, values } = await product;
  return { rows, columns, values: Float64Array.from(values) };
}
