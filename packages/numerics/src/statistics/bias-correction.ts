import { normalCdf, normalQuantile } from './normal.js';

/**
 * Which quantiles of the resampled statistic the BCa interval takes (Efron 1987): Φ(z₀ + (z₀ ± z)/(1 − a(z₀ ± z))).
 *
 * z₀ = Φ⁻¹(share of resamples below the estimate, equal ones by half) measures bias, a = Σ d³ / (6 (Σ d²)^{3/2}) skewness, d_i
 * being the mean of the leave-one-out values minus the i-th of them.
 *
 * @param sorted the statistic over resamples, rising
 */
export function biasCorrectedLevels(
  samples: Float64Array,
  sorted: Float64Array,
  estimate: number,
  statistic: (samples: Float64Array) => number,
  level: number,
): [number, number] {
  const z = normalQuantile((1 + level) / 2);
  let below = 0;
  for (const value of sorted) below += value < estimate ? 1 : value === estimate ? 0.5 : 0;
  // Half a resample stands in where all lie on one side, so that Φ⁻¹ stays finite.
  const share = Math.min(sorted.length - 0.5, Math.max(0.5, below)) / sorted.length;
  const bias = share === 0.5 ? 0 : normalQuantile(share);
  const acceleration = skewnessOfInfluence(samples, statistic);
  const move = (direction: number) => {
    const shifted = bias + direction * z;
    const denominator = 1 - acceleration * shifted;
    return denominator > 0 ? normalCdf(bias + shifted / denominator) : direction < 0 ? 0 : 1;
  };
  return [move(-1), move(1)];
}

function skewnessOfInfluence(samples: Float64Array, statistic: (samples: Float64Array) => number): number {
  const n = samples.length;
  const buffer = new Float64Array(n - 1);
  const values = new Float64Array(n);
  for (let left = 0; left < n; left++) {
    buffer.set(samples.subarray(0, left));
    buffer.set(samples.subarray(left + 1), left);
    values[left] = statistic(buffer);
  }
  const centre = values.reduce((sum, value) => sum + value, 0) / n;
  let squares = 0;
  let cubes = 0;
  for (const value of values) {
    squares += (centre - value) ** 2;
    cubes += (centre - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}
