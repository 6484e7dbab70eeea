import { optionsOf } from '../options.js';
import type { HasherJson } from './hasher.js';
import { type HasherOptions, type Learned, LearnedHasher, type Method } from './learned-hasher.js';
import { type LinearModel, linearModel } from './linear-model.js';
import { principalDirections, requireBitsWithin } from './principal-directions.js';
import type { Training } from './training.js';

/** Options of {@link Pcah}. */
export interface PcahOptions extends HasherOptions {}

const method: Method<LinearModel> = { kind: 'pcah', name: 'Pcah', model: linearModel };

/**
 * PCA hashing: signs of the projections on the first principal directions. Later directions carry little variance, so longer codes may be
 * worse than shorter ones.
 *
 * @throws HashOptionError for options out of range, and at the fit for more bits than dimensions
 */
export class Pcah extends LearnedHasher<LinearModel> {
  constructor(options: PcahOptions) {
    const { bits, normalize = false, ...rest } = optionsOf('Pcah', options, '{ bits: 64 }');
    super(method, { bits, normalize, ...rest });
  }

  static fromJson(json: HasherJson): Pcah {
    return LearnedHasher.restore(json, method, (options) => new Pcah(options));
  }

  protected async learn(training: Training): Promise<Learned<LinearModel>> {
    requireBitsWithin('Pcah.fit', this.bits, training.rows.columns);
    const { mean, directions, warnings } = await principalDirections('Pcah.fit', training, this.bits);
    await training.step(1);
    return { model: { mean, directions, offsets: new Float64Array(this.bits) }, warnings };
  }
}
