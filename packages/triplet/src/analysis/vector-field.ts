import { requireInteger, requireOneOf } from '../checks.js';
import { OptionError } from '../errors.js';
import { entangledChange } from './entangled-change.js';
import { firstOrderChange } from './first-order-change.js';
import { type GradientStepOptions, gradientStep } from './gradient-step.js';
import type { SimilarityChange } from './similarity-change.js';

/**
 * What moves a triplet.
 *
 * - `firstOrder`: rates with the normalisation's Jacobian, per unit of learning rate
 * - `step`: one step on free vectors, renormalised
 * - `products`: the same step, read off the products: what it looks like when the normalisation is left out
 */
export type Motion = 'firstOrder' | 'step' | 'products';

/** Options of {@link vectorField} and {@link draggedShare}. */
export interface MotionOptions extends GradientStepOptions {
  /** Default `'step'`. */
  readonly motion?: Motion;
  /** p in [0, 1]. Default 0. */
  readonly entanglement?: number;
}

/** How the similarities of triplets change. */
export function similarityChange(
  positive: Float64Array,
  negative: Float64Array,
  { motion = 'step', entanglement = 0, ...options }: MotionOptions,
): SimilarityChange {
  requireOneOf('motion', motion, ['firstOrder', 'step', 'products']);
  const alone = () => {
    if (motion === 'firstOrder') return firstOrderChange(positive, negative, options);
    const { change, products } = gradientStep(positive, negative, options);
    if (motion === 'step') return change;
    return {
      positive: products.positive.map((value, i) => value - positive[i]!),
      negative: products.negative.map((value, i) => value - negative[i]!),
    };
  };
  return entangledChange(positive, negative, alone(), entanglement);
}

/** Options of {@link vectorField}. */
export interface VectorFieldOptions extends MotionOptions {
  /** Points a side. Default 20. */
  readonly resolution?: number;
  /** Both axes. Default [0, 1]; cosines lie in [−1, 1]. */
  readonly range?: readonly [number, number];
}

/** Arrows on the plane of S_ap (to the right) and S_an (up). */
export interface VectorField {
  /** Where the arrows start. */
  readonly from: SimilarityChange;
  /** How far they point. */
  readonly change: SimilarityChange;
}

/**
 * Where training sends a triplet from each place of the triplet diagram. Good training points to the lower right.
 *
 * @returns `resolution²` arrows, row by row from the smallest S_an
 * @throws OptionError
 * @example
 * const field = vectorField({ term: ncaTerm({ temperature: 1 }), entanglement: 0.5 });
 */
export function vectorField({ resolution = 20, range = [0, 1], ...options }: VectorFieldOptions): VectorField {
  requireInteger('resolution', resolution, 2);
  const [low, high] = range;
  if (!(low >= -1 && high <= 1 && low < high)) {
    throw new OptionError(`range: expected −1 ≤ from < to ≤ 1, got [${low}, ${high}]`);
  }
  const at = (k: number) => low + ((high - low) * k) / (resolution - 1);
  const positive = Float64Array.from({ length: resolution ** 2 }, (_, i) => at(i % resolution));
  const negative = Float64Array.from({ length: resolution ** 2 }, (_, i) => at(Math.floor(i / resolution)));
  return { from: { positive, negative }, change: similarityChange(positive, negative, options) };
}
