import type { MatrixOperations } from '@tensor-papers/numerics/linalg';
import { optionsOf, requireInteger } from '../options.js';
import type { HasherJson } from './hasher.js';
import { learnRotation } from './itq-rotation.js';
import { type HasherOptions, type Learned, LearnedHasher, type Method, scoreAll } from './learned-hasher.js';
import { type LinearModel, linearModel } from './linear-model.js';
import { principalDirections, requireBitsWithin } from './principal-directions.js';
import type { Matrix64 } from './rows.js';
import type { Training } from './training.js';

/** Options of {@link Itq}. */
export interface ItqOptions extends HasherOptions {
  /** Alternations between codes and rotation. Default 50. */
  readonly iterations?: number;
}

const method: Method<LinearModel> = { kind: 'itq', name: 'Itq', model: linearModel };

/**
 * Iterative quantisation (Gong, Lazebnik, Gordo and Perronnin, 2013): PCA, then the rotation that brings the projections nearest to the
 * corners of a cube, so that all bits carry as much.
 *
 * @throws HashOptionError for options out of range, and at the fit for more bits than dimensions
 * @example
 * const hasher = new Itq({ bits: 32 });
 * const { objective } = await hasher.fit(vectors, { seed: 1 });
 */
export class Itq extends LearnedHasher<LinearModel> {
  readonly #iterations: number;

  constructor(options: ItqOptions) {
    const { bits, iterations = 50, normalize = false, ...rest } = optionsOf('Itq', options, '{ bits: 64 }');
    const resolved = { bits, iterations, normalize, ...rest };
    super(method, resolved);
    requireInteger('Itq', 'iterations', iterations, 0);
    this.#iterations = iterations;
  }

  static fromJson(json: HasherJson): Itq {
    return LearnedHasher.restore(json, method, (options) => new Itq(options));
  }

  protected async learn(training: Training): Promise<Learned<LinearModel>> {
    requireBitsWithin('Itq.fit', this.bits, training.rows.columns);
    const { mean, directions, warnings } = await principalDirections('Itq.fit', training, this.bits);
    return { ...(await rotated({ mean, directions }, this.#iterations, training)), warnings };
  }
}

/** The linear model whose directions have been rotated by ITQ. */
export async function rotated(
  { mean, directions }: { readonly mean: Float64Array; readonly directions: Matrix64 },
  iterations: number,
  training: Training,
): Promise<{ model: LinearModel; objective: number[] }> {
  const offsets = new Float64Array(directions.rows);
  const v = await scoreAll(linearModel, { mean, directions, offsets }, training);
  const { rotation, objective } = await learnRotation(v, iterations, training);
  const turned = await turn(rotation, directions, training.operations);
  return { model: { mean, directions: turned, offsets }, objective };
}

/** Rᵀ·W: directions, one a row, after a rotation of the projections. */
async function turn(rotation: Matrix64, directions: Matrix64, operations: MatrixOperations): Promise<Matrix64> {
  const product = await operations.multiply(rotation, directions, { transposeA: true });
  return { ...product, values: Float64Array.from(product.values) };
}
