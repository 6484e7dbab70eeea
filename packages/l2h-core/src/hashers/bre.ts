import { optionsOf, requireAmount, requireInteger } from '../options.js';
import { bitQuadratic, breObjective, halfSquares, inside, weightSteps } from './bre-search.js';
import type { HasherJson } from './hasher.js';
import { type KernelModel, kernelFeatures, kernelModel } from './kernel-model.js';
import { type HasherOptions, type Learned, LearnedHasher, type Method } from './learned-hasher.js';
import { copyRows, type Matrix64, signsOf, transposed } from './rows.js';
import type { Training } from './training.js';

/** Options of {@link Bre}. */
export interface BreOptions extends Omit<HasherOptions, 'normalize'> {
  /** Vectors to learn from, drawn with the seed; time grows with their square. Default 500. */
  readonly sample?: number;
  /** Anchors of the kernel, drawn among these. Default 50; fewer where there are fewer vectors. */
  readonly anchors?: number;
  /** Width of the kernel exp(−‖x − u‖² / 2σ²). Default: the mean distance to the ten nearest anchors. */
  readonly sigma?: number;
  /** At most so many cycles over all weights. Default 10. */
  readonly iterations?: number;
}

const method: Method<KernelModel> = { kind: 'bre', name: 'Bre', model: kernelModel };

/**
 * Binary reconstructive embedding (Kulis and Darrell, 2009): a kernel machine a bit, whose weights are set one by one, each exactly, so that
 * Hamming distances over bits come near to ½‖x − y‖². Vectors are scaled to length 1, which makes that 1 less the cosine.
 *
 * @throws HashOptionError for options out of range
 */
export class Bre extends LearnedHasher<KernelModel> {
  readonly #anchors: number;
  readonly #sigma: number | undefined;
  readonly #iterations: number;

  constructor(options: BreOptions) {
    const { bits, anchors = 50, iterations = 10, sample = 500, ...rest } = optionsOf('Bre', options, '{ bits: 64 }');
    const resolved = { bits, anchors, iterations, sample, ...rest, normalize: true };
    super(method, resolved);
    requireInteger('Bre', 'anchors', anchors, 1);
    requireInteger('Bre', 'iterations', iterations, 1);
    if (rest.sigma !== undefined) requireAmount('Bre', 'sigma', rest.sigma, true);
    this.#anchors = anchors;
    this.#sigma = rest.sigma;
    this.#iterations = iterations;
  }

  static fromJson(json: HasherJson): Bre {
    return LearnedHasher.restore(json, method, (options) => new Bre(options));
  }

  protected async learn(training: Training): Promise<Learned<KernelModel>> {
    const { rows, rng, step } = training;
    const { anchors, sigma, features, warnings } = await kernelFeatures(
      'Bre.fit',
      training,
      this.#anchors,
      this.#sigma,
    );
    const kernels = columnsOf(features as Matrix64);
    const halves = halfSquares(copyRows(rows, 0, rows.rows));
    const draws = rng.stream('weights');
    const t = kernels.length;
    const weights = Float64Array.from({ length: this.bits * t }, () => draws.normal());
    const project = (bit: number) => combine(kernels, weights.subarray(bit * t, (bit + 1) * t));
    const codes = Array.from({ length: this.bits }, (_, bit) => signsOf(project(bit)));
    const objective: number[] = [];
    let present = breObjective(halves, codes);
    for (let i = 0; i < this.#iterations; i++) {
      const before = present;
      for (let bit = 0; bit < this.bits; bit++) {
        const quadratic = bitQuadratic(halves, codes, bit);
        for (let anchor = 0; anchor < t; anchor++) {
          const at = bit * t + anchor;
          const steps = weightSteps(quadratic, kernels[anchor]!, project(bit), weights[at]!);
          const least = steps.objectives[steps.best]!;
          if (least < present - rounding * before) {
            weights[at] = inside(steps.low, steps.high);
            present = least;
          }
        }
        codes[bit] = signsOf(project(bit));
        await step((i + (bit + 1) / this.bits) / this.#iterations, present);
      }
      present = breObjective(halves, codes);
      objective.push(present);
      if (present >= before - rounding * before) break;
    }
    const model = {
      anchors,
      sigma,
      mean: new Float64Array(t),
      weights: { rows: this.bits, columns: t, values: weights },
    };
    return { model, objective, warnings };
  }
}

/** A fall of the objective, part of it, that may be rounding. */
const rounding = 1e-12;

function columnsOf(features: Matrix64): Float64Array[] {
  const turned = transposed(features);
  const { rows: n, columns: t } = features;
  return Array.from({ length: t }, (_, i) => turned.subarray(i * n, (i + 1) * n));
}

function combine(kernels: readonly Float64Array[], weights: Float64Array): Float64Array {
  const sums = new Float64Array(kernels[0]!.length);
  kernels.forEach((kernel, anchor) => {
    for (let i = 0; i < sums.length; i++) sums[i]! += weights[anchor]! * kernel[i]!;
  });
  return sums;
}
