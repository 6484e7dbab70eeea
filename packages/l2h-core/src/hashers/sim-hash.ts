import { HashOptionError } from '../errors.js';
import { optionsOf, requireAmount, requireFlag, requireInteger } from '../options.js';
import { shown } from '../shown.js';
import { columnMeans } from '../vectors/column-means.js';
import type { HasherJson } from './hasher.js';
import { type HasherOptions, type Learned, LearnedHasher, type Method } from './learned-hasher.js';
import { type LinearModel, linearModel } from './linear-model.js';
import type { Training } from './training.js';

/** Options of {@link SimHash}. */
export interface SimHashOptions extends HasherOptions {
  /** Whether the training mean is taken off first; without, codes tell angles at the origin. Default true. */
  readonly centre?: boolean;
}

const method: Method<LinearModel> = { kind: 'sim-hash', name: 'SimHash', model: linearModel };

/**
 * SimHash (Charikar, 2002): signs of projections on random Gaussian directions. Two vectors at the angle θ differ in each bit with probability
 * θ / π, independently. Learns only the mean.
 *
 * The first bits of a longer code are the shorter code of the same seed.
 *
 * @throws HashOptionError for options out of range
 * @example
 * const hasher = new SimHash({ bits: 64 });
 * await hasher.fit(vectors, { seed: 1 });
 * const codes = await hasher.encode(vectors);
 */
export class SimHash extends LearnedHasher<LinearModel> {
  readonly #centre: boolean;

  constructor(options: SimHashOptions) {
    const { bits, centre = true, normalize = false, ...rest } = optionsOf('SimHash', options, '{ bits: 64 }');
    const resolved = { bits, centre, normalize, ...rest };
    super({ ...method, leastRows: centre ? 2 : 1 }, resolved);
    requireFlag('SimHash', 'centre', centre);
    this.#centre = centre;
  }

  static fromJson(json: HasherJson): SimHash {
    return LearnedHasher.restore(json, method, (options) => new SimHash(options));
  }

  protected async learn({ rows, rng, step }: Training): Promise<Learned<LinearModel>> {
    const d = rows.columns;
    const draws = rng.stream('directions');
    const values = Float64Array.from({ length: this.bits * d }, () => draws.normal());
    const mean = this.#centre ? columnMeans(rows) : new Float64Array(d);
    await step(1);
    return {
      model: { mean, directions: { rows: this.bits, columns: d, values }, offsets: new Float64Array(this.bits) },
    };
  }
}

/** The angle, in radians, that a Hamming distance between codes of SimHash tells: π · distance / bits. @throws HashOptionError */
export function angleOfDistance(distance: number, bits: number): number {
  requireAmount('angleOfDistance', 'distance', distance);
  requireInteger('angleOfDistance', 'bits', bits, 1);
  return (Math.PI * distance) / bits;
}

/** Mean and standard deviation of the Hamming distance between SimHash codes of vectors at an angle, 0 … π. @throws HashOptionError */
export function distanceOfAngle(angle: number, bits: number): { mean: number; sd: number } {
  // The angle of a distance of all bits is an ulp above π for some bits.
  if (!(Number.isFinite(angle) && angle >= 0 && angle <= Math.PI * (1 + 1e-12))) {
    throw new HashOptionError(`distanceOfAngle: angle: expected radians in 0 … π, got ${shown(angle)}`);
  }
  requireInteger('distanceOfAngle', 'bits', bits, 1);
  const share = Math.min(1, angle / Math.PI);
  return { mean: bits * share, sd: Math.sqrt(bits * share * (1 - share)) };
}
