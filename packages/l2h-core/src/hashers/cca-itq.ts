import { optionsOf, requireAmount, requireInteger } from '../options.js';
import { canonicalDirections } from './canonical-directions.js';
import type { HasherJson } from './hasher.js';
import { rotated } from './itq.js';
import { type HasherOptions, type Learned, LearnedHasher, type Method } from './learned-hasher.js';
import { type LinearModel, linearModel } from './linear-model.js';
import { requireBitsWithin } from './principal-directions.js';
import type { Training } from './training.js';

/** Options of {@link CcaItq}. */
export interface CcaItqOptions extends HasherOptions {
  /** Alternations between codes and rotation. Default 50. */
  readonly iterations?: number;
  /** Added to the diagonals of the covariances. Default 1e-4. */
  readonly ridge?: number;
}

const method: Method<LinearModel> = { kind: 'cca-itq', name: 'CcaItq', model: linearModel, supervised: true };

/**
 * ITQ on canonical directions instead of principal ones (Gong, Lazebnik, Gordo and Perronnin, 2013): supervised by labels. C classes give at
 * most C − 1 directions; with more bits the rotation spreads these over all bits.
 *
 * @throws HashOptionError for options out of range, and at the fit for more bits than dimensions
 */
export class CcaItq extends LearnedHasher<LinearModel> {
  readonly #iterations: number;
  readonly #ridge: number;

  constructor(options: CcaItqOptions) {
    const {
      bits,
      iterations = 50,
      ridge = 1e-4,
      normalize = false,
      ...rest
    } = optionsOf('CcaItq', options, '{ bits: 64 }');
    const resolved = { bits, iterations, ridge, normalize, ...rest };
    super(method, resolved);
    requireInteger('CcaItq', 'iterations', iterations, 0);
    requireAmount('CcaItq', 'ridge', ridge, true);
    this.#iterations = iterations;
    this.#ridge = ridge;
  }

  static fromJson(json: HasherJson): CcaItq {
    return LearnedHasher.restore(json, method, (options) => new CcaItq(options));
  }

  protected async learn(training: Training): Promise<Learned<LinearModel>> {
    requireBitsWithin('CcaItq.fit', this.bits, training.rows.columns);
    return rotated(await canonicalDirections(training, this.bits, this.#ridge), this.#iterations, training);
  }
}
