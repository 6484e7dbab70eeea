import type { Rng } from '@tensor-papers/numerics/random';
import { requireInteger, requireLabels, requireLength, requireNonNegative } from './checks.js';
import { headNumbers } from './heads.js';

/** Options of {@link smearLabels}. */
export interface SmearLabelsOptions {
  /** Number of classes C. */
  readonly classes: number;
  /** Standard deviation of the noise; 0 gives one-hot targets exactly. */
  readonly std: number;
  /** z, `[3, L, C]` row-major standard normal values, from {@link drawSmearingNoise}. */
  readonly noise: ArrayLike<number>;
}

/**
 * Output smearing: three noisy versions of the labels, one for each head.
 *
 *     ŷ_lc = y_lc + ReLU(z_lc · std),   ŷ_l ← ŷ_l / Σ_c ŷ_lc,   y one-hot
 *
 * @param labels `[L]` class ids 0 … C − 1
 * @returns targets `[3, L, C]` row-major float32; each row is at least 0 and sums to 1
 * @throws LabelsError, OptionError, ShapeError
 * @example
 * const noise = drawSmearingNoise(labels.length, 10, createRng(1));
 * const targets = smearLabels(labels, { classes: 10, std: 0.05, noise });
 */
export function smearLabels(labels: ArrayLike<number>, { classes, std, noise }: SmearLabelsOptions): Float32Array {
  requireInteger('smearLabels: classes', classes, 1);
  requireNonNegative('smearLabels: std', std);
  requireLabels('smearLabels', labels, classes);
  requireLength('smearLabels: noise', noise, headNumbers.length * labels.length * classes, '[3, L, C]');
  const targets = new Float32Array(noise.length);
  for (let row = 0; row < headNumbers.length * labels.length; row++) {
    const label = labels[row % labels.length]!;
    const start = row * classes;
    const smeared = Array.from(
      { length: classes },
      (_, c) => (c === label ? 1 : 0) + Math.max(0, noise[start + c]! * std),
    );
    const sum = smeared.reduce((total, value) => total + value, 0);
    for (let c = 0; c < classes; c++) targets[start + c] = smeared[c]! / sum;
  }
  return targets;
}

/** The noise of {@link smearLabels}: independent for every head, example and class, `[3, L, C]` row-major. */
export function drawSmearingNoise(length: number, classes: number, rng: Rng): Float32Array {
  requireInteger('drawSmearingNoise: length', length, 0);
  requireInteger('drawSmearingNoise: classes', classes, 1);
  return Float32Array.from({ length: headNumbers.length * length * classes }, () => rng.normal());
}
