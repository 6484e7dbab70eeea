import { HashOptionError, TrainingDataError } from '../errors.js';
import { optionsOf, requireAmount, requireInteger } from '../options.js';
import { columnMeans } from '../vectors/column-means.js';
import type { HasherJson } from './hasher.js';
import { type HasherOptions, type Learned, LearnedHasher, type Method } from './learned-hasher.js';
import { type LinearModel, linearModel } from './linear-model.js';
import { mlhStep } from './mlh-loss.js';
import { dot } from './rows.js';
import type { Classes, Training } from './training.js';

/** Options of {@link Mlh}. */
export interface MlhOptions extends HasherOptions {
  /** Similar pairs should differ in fewer bits than this, dissimilar ones in more. Default: a quarter of the bits, at least 1. */
  readonly rho?: number;
  /** Weight of dissimilar pairs. Default 0.5. */
  readonly lambda?: number;
  /** First step size; it falls linearly to 0. Default 0.1. */
  readonly eta?: number;
  /** Part of the weights that a step of size 1 takes off. Default 1e-3. */
  readonly weightDecay?: number;
  /** Pairs that are drawn, one a step: half of one class, half of two. Default 100 000. */
  readonly pairs?: number;
}

/** The fit reports, and can be aborted, so many times. */
const reports = 100;

const method: Method<LinearModel> = { kind: 'mlh', name: 'Mlh', model: linearModel, supervised: true };

/**
 * Minimal loss hashing (Norouzi and Fleet, 2011): linear hash functions that make the Hamming distances of pairs small or large as their
 * classes say, by stochastic steps down a bound on a hinge loss.
 *
 * @throws HashOptionError for options out of range
 */
export class Mlh extends LearnedHasher<LinearModel> {
  readonly #options: Required<Omit<MlhOptions, 'sample' | 'normalize'>>;

  constructor(options: MlhOptions) {
    const given = optionsOf('Mlh', options, '{ bits: 64 }');
    const { bits, lambda = 0.5, eta = 0.1, weightDecay = 1e-3, pairs = 100_000, ...rest } = given;
    requireInteger('Mlh', 'bits', bits, 1);
    const { rho = Math.max(1, Math.round(bits / 4)) } = given;
    const resolved = { bits, lambda, eta, weightDecay, pairs, ...rest, rho };
    super(method, resolved);
    requireAmount('Mlh', 'rho', rho);
    requireAmount('Mlh', 'lambda', lambda, true);
    requireAmount('Mlh', 'eta', eta, true);
    requireAmount('Mlh', 'weightDecay', weightDecay);
    requireInteger('Mlh', 'pairs', pairs, 1);
    if (eta * weightDecay >= 1) {
      throw new HashOptionError(`Mlh: expected eta × weightDecay below 1, got ${eta} × ${weightDecay}`);
    }
    this.#options = resolved;
  }

  static fromJson(json: HasherJson): Mlh {
    return LearnedHasher.restore(json, method, (options) => new Mlh(options));
  }

  protected async learn({ rows, classes, rng, step }: Training): Promise<Learned<LinearModel>> {
    const { rho, lambda, eta, weightDecay: decay, pairs } = this.#options;
    const d = rows.columns;
    const mean = columnMeans(rows);
    let scale = 1;
    const read = (i: number) => {
      const x = new Float64Array(d);
      for (let j = 0; j < d; j++) x[j] = (rows.values[i * d + j]! - mean[j]!) / scale;
      return x;
    };
    const places = rng.stream('examples').permutation(rows.rows).subarray(0, inspectedRows);
    const examples = Array.from(places, read);
    scale = rootMeanSquare(Float64Array.from(examples, (x) => Math.sqrt(dot(x, x)))) / typicalLength;
    const weights = randomWeights(this.bits, Array.from(places, read), rng.stream('weights'));
    const draw = pairDraws(classes, rng.stream('pairs'));
    const objective: number[] = [];
    let [bounds, since] = [0, 0];
    for (let pair = 0; pair < pairs; pair++) {
      const { i, j, similar } = draw();
      bounds += mlhStep(weights, read(i), read(j), similar, {
        rho,
        lambda,
        eta: eta * (1 - pair / pairs),
        decay,
      }).bound;
      since++;
      if (Math.floor(((pair + 1) * reports) / pairs) === Math.floor((pair * reports) / pairs)) continue;
      objective.push(bounds / since);
      [bounds, since] = [0, 0];
      await step((pair + 1) / pairs, objective.at(-1));
    }
    const directions = new Float64Array(this.bits * d);
    for (let at = 0; at < directions.length; at++) directions[at] = weights[at + Math.floor(at / d)]! / scale;
    const offsets = Float64Array.from({ length: this.bits }, (_, b) => weights[b * (d + 1) + d]!);
    return { model: { mean, directions: { rows: this.bits, columns: d, values: directions }, offsets }, objective };
  }
}

/** So many rows tell how long the vectors are and how far projections on a direction spread. */
const inspectedRows = 1000;

/** Vectors are scaled to this length in the mean, so that they outweigh the 1 behind them, the bias, which all have in common. */
const typicalLength = 3;

/** Root mean square of numbers. */
const rootMeanSquare = (values: Float64Array): number => Math.sqrt(dot(values, values) / values.length);

/**
 * Gaussian directions, each followed by a bias of 0, scaled so that projections have a root mean square of 1: much smaller ones would be
 * nothing beside the losses, and the first steps would make all bits the same for all vectors.
 */
function randomWeights(bits: number, examples: readonly Float64Array[], rng: Training['rng']): Float64Array {
  const d = examples[0]!.length;
  const weights = new Float64Array(bits * (d + 1));
  for (let b = 0; b < bits; b++) {
    const direction = Float64Array.from({ length: d }, () => rng.normal());
    const spread = rootMeanSquare(Float64Array.from(examples, (x) => dot(x, direction)));
    weights.set(
      direction.map((value) => value / spread),
      b * (d + 1),
    );
  }
  return weights;
}

/** Draws pairs of different rows: of one class and of two with equal probability. @throws TrainingDataError */
function pairDraws({ of, count }: Classes, rng: Training['rng']): () => { i: number; j: number; similar: boolean } {
  const members = Array.from({ length: count }, (): number[] => []);
  of.forEach((c, i) => {
    members[c]!.push(i);
  });
  if (members.every((rows) => rows.length < 2)) {
    throw new TrainingDataError('Mlh.fit: expected a class with at least 2 vectors; no two labels are equal');
  }
  const take = (rows: ArrayLike<number>) => rows[rng.integer(rows.length)]!;
  const paired = Int32Array.from(of.keys()).filter((i) => members[of[i]!]!.length > 1);
  return () => {
    if (rng.uniform() < 0.5) {
      const i = take(paired);
      let j = i;
      while (j === i) j = take(members[of[i]!]!);
      return { i, j, similar: true };
    }
    const i = rng.integer(of.length);
    let j = i;
    while (of[j] === of[i]) j = rng.integer(of.length);
    return { i, j, similar: false };
  };
}
