import { optionsOf, requireAmount, requireInteger } from '../options.js';
import type { HasherJson } from './hasher.js';
import { type KernelModel, kernelFeatures, kernelModel } from './kernel-model.js';
import { classSimilarity, kshBits } from './ksh-bits.js';
import { type HasherOptions, type Learned, LearnedHasher, type Method } from './learned-hasher.js';
import type { Matrix64 } from './rows.js';
import type { Training } from './training.js';

/** Options of {@link Ksh}. */
export interface KshOptions extends HasherOptions {
  /** Labelled vectors to learn from, drawn with the seed. Default 2000. */
  readonly sample?: number;
  /** Anchors of the kernel, drawn among these. Default 300; fewer where there are fewer vectors. */
  readonly anchors?: number;
  /** Width of the kernel exp(−‖x − u‖² / 2σ²). Default: the mean distance to the ten nearest anchors. */
  readonly sigma?: number;
  /** At most so many steps of gradient ascent a bit; 0 leaves the bits of the relaxed problem. Default 500. */
  readonly steps?: number;
}

const method: Method<KernelModel> = { kind: 'ksh', name: 'Ksh', model: kernelModel, supervised: true };

/**
 * Supervised hashing with kernels (Liu, Wang, Ji, Jiang and Chang, 2012): bits are learnt one after the other so that the inner products of
 * codes tell same class from other class.
 *
 * @throws HashOptionError for options out of range
 */
export class Ksh extends LearnedHasher<KernelModel> {
  readonly #anchors: number;
  readonly #sigma: number | undefined;
  readonly #steps: number;

  constructor(options: KshOptions) {
    const {
      bits,
      anchors = 300,
      steps = 500,
      sample = 2000,
      normalize = false,
      ...rest
    } = optionsOf('Ksh', options, '{ bits: 64 }');
    const resolved = { bits, anchors, steps, sample, normalize, ...rest };
    super(method, resolved);
    requireInteger('Ksh', 'anchors', anchors, 1);
    requireInteger('Ksh', 'steps', steps, 0);
    if (rest.sigma !== undefined) requireAmount('Ksh', 'sigma', rest.sigma, true);
    this.#anchors = anchors;
    this.#sigma = rest.sigma;
    this.#steps = steps;
  }

  static fromJson(json: HasherJson): Ksh {
    return LearnedHasher.restore(json, method, (options) => new Ksh(options));
  }

  protected async learn(training: Training): Promise<Learned<KernelModel>> {
    const kernel = await kernelFeatures('Ksh.fit', training, this.#anchors, this.#sigma);
    const { anchors, sigma, warnings } = kernel;
    const { features, mean } = centred(kernel.features as Matrix64);
    const { operations, step } = training;
    const settings = { bits: this.bits, climb: this.#steps };
    const similarity = classSimilarity(training.classes);
    const { weights, objective } = await kshBits(features, similarity, settings, operations, step);
    return { model: { anchors, sigma, mean, weights }, objective, warnings };
  }
}

function centred({ rows, columns, values }: Matrix64): { features: Matrix64; mean: Float64Array } {
  const mean = new Float64Array(columns);
  for (let at = 0; at < values.length; at++) mean[at % columns]! += values[at]! / rows;
  return { features: { rows, columns, values: values.map((value, at) => value - mean[at % columns]!) }, mean };
}
