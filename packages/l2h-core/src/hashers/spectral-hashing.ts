import type { Matrix } from '@tensor-papers/numerics/linalg';
import { HashOptionError } from '../errors.js';
import { optionsOf } from '../options.js';
import type { HasherJson } from './hasher.js';
import {
  type HasherOptions,
  type Learned,
  LearnedHasher,
  type Method,
  type ModelKind,
  scoreAll,
} from './learned-hasher.js';
import { linearModel } from './linear-model.js';
import { principalDirections } from './principal-directions.js';
import { spectralModes } from './spectral-modes.js';
import type { Training } from './training.js';

/** Options of {@link SpectralHashing}. */
export interface SpectralHashingOptions extends HasherOptions {}

/** Scores sin(π/2 + ω·(z − minimum)) of projections z. */
export interface SpectralModel {
  /** `[d]` */
  readonly mean: Float64Array;
  /** One a row, `[p × d]`. */
  readonly directions: Matrix;
  /** Least training projection along each direction, `[p]`. */
  readonly minima: Float64Array;
  /** Direction of each bit, `[bits]`. */
  readonly modeDimensions: Float64Array;
  /** ω of each bit, `[bits]`. */
  readonly omegas: Float64Array;
}

export const spectralModel: ModelKind<SpectralModel> = {
  dimensions: ({ mean }) => mean.length,
  async score({ mean, directions, minima, modeDimensions, omegas }, block, operations) {
    const offsets = minima.map((minimum) => -minimum);
    const { values: z } = await linearModel.score({ mean, directions, offsets }, block, operations);
    const bits = omegas.length;
    const values = Float64Array.from({ length: block.rows * bits }, (_, at) => {
      const bit = at % bits;
      const along = z[((at - bit) / bits) * minima.length + modeDimensions[bit]!]!;
      return Math.sin(Math.PI / 2 + omegas[bit]! * along);
    });
    return { rows: block.rows, columns: bits, values };
  },
  fields: (model) => ({ ...model }),
  read(reader, bits) {
    const mean = reader.vector('mean');
    const directions = reader.matrix('directions', undefined, mean.length);
    const modeDimensions = reader.vector('modeDimensions', bits);
    if (
      modeDimensions.some(
        (dimension) => !Number.isInteger(dimension) || !(dimension >= 0 && dimension < directions.rows),
      )
    ) {
      throw new HashOptionError('SpectralHashing.fromJson: expected directions of bits in modeDimensions');
    }
    const minima = reader.vector('minima', directions.rows);
    return { mean, directions, minima, modeDimensions, omegas: reader.vector('omegas', bits) };
  },
};

const method: Method<SpectralModel> = { kind: 'spectral-hashing', name: 'SpectralHashing', model: spectralModel };

/**
 * Spectral hashing (Weiss, Torralba and Fergus, 2008): signs of cosines along the principal directions, those of the fewest half-waves per
 * length, under the assumption that the data fill a box uniformly. A direction with a wide range gives several bits, so there may be more
 * bits than dimensions.
 *
 * @throws HashOptionError for options out of range
 */
export class SpectralHashing extends LearnedHasher<SpectralModel> {
  constructor(options: SpectralHashingOptions) {
    const { bits, normalize = false, ...rest } = optionsOf('SpectralHashing', options, '{ bits: 64 }');
    super(method, { bits, normalize, ...rest });
  }

  static fromJson(json: HasherJson): SpectralHashing {
    return LearnedHasher.restore(json, method, (options) => new SpectralHashing(options));
  }

  protected async learn(training: Training): Promise<Learned<SpectralModel>> {
    const count = Math.min(this.bits, training.rows.columns);
    const { mean, directions, warnings } = await principalDirections('SpectralHashing.fit', training, count);
    const { minima, ranges } = await rangesAlong({ mean, directions }, training);
    const modes = spectralModes(ranges, this.bits);
    await training.step(1);
    const modeDimensions = Float64Array.from(modes, ({ dimension }) => dimension);
    return {
      model: { mean, directions, minima, modeDimensions, omegas: Float64Array.from(modes, ({ omega }) => omega) },
      warnings,
    };
  }
}

/** Least projection of the training rows along each direction, and how far up they go from there. */
export async function rangesAlong(
  { mean, directions }: Pick<SpectralModel, 'mean' | 'directions'>,
  training: Pick<Training, 'rows' | 'operations'>,
): Promise<{ minima: Float64Array; ranges: Float64Array }> {
  const count = directions.rows;
  const { values } = await scoreAll(linearModel, { mean, directions, offsets: new Float64Array(count) }, training);
  const minima = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const maxima = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  for (let at = 0; at < values.length; at++) {
    const i = at % count;
    minima[i] = Math.min(minima[i]!, values[at]!);
    maxima[i] = Math.max(maxima[i]!, values[at]!);
  }
  return { minima, ranges: maxima.map((maximum, i) => maximum - minima[i]!) };
}
