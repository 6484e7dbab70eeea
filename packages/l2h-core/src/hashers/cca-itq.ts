import { optionsOf, requireAmount, requireInteger } from '../options.js';
import { canonicalDirections } from './canonical-directions.js';
import type { HasherJson } from './hasher.js';
import { rotated } from './itq.js';
import { type HasherOptions, type Learned, LearnedHasher } from './learned-hasher.js';
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
    } = optionsOf('cca-itq', options, '{ bits: 64 }');
    const resolved = { bits, iterations, ridge, normalize, ...rest };
    super({ kind: 'cca-itq', model: linearModel, supervised: true }, resolved);
    requireInteger('cca-itq', 'iterations', iterations, 0);
    requireAmount('cca-itq', 'ridge', ridge, true);
    this.#iterations = iterations;
    this.#ridge = ridge;
  }

  static fromJson(json: HasherJson): CcaItq {
    return LearnedHasher.restore(json, 'cca-itq', (options) => new CcaItq(options));
  }

  protected async learn(training: Training): Promise<Learned<LinearModel>> {
    requireBitsWithin(this.kind, this.bits, training.rows.columns);
    return rotated(await canonicalDirections(training, this.bits, this.#ridge), this.#iterations, training);
  }
}
