import type { Contingency } from './contingency.js';

/** How many parts have which size. */
function countSizes(sizes: Float64Array): [number, number][] {
  const counts = new Map<number, number>();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
  return [...counts];
}

/** Terms with a smaller probability cannot be seen in the sum. */
const negligible = 1e-30;

/**
 * The mean mutual information in nats over all random relabellings with parts of the same sizes (Vinh, Epps and Bailey 2010):
 * overlaps of a part of a and one of b examples are hypergeometric. Pairs of equal sizes are summed once, and each sum runs from
 * the mode of the distribution outwards, as far as it can be seen.
 */
export function expectedMutualInformation({ examples: n, sizesA, sizesB }: Contingency): number {
  const logFactorial = new Float64Array(n + 1);
  for (let i = 2; i <= n; i++) logFactorial[i] = logFactorial[i - 1]! + Math.log(i);
  const log = (k: number) => logFactorial[k]!;
  let sum = 0;
  for (const [a, timesA] of countSizes(sizesA)) {
    for (const [b, timesB] of countSizes(sizesB)) {
      const information = (k: number) => (k === 0 ? 0 : (k / n) * Math.log((n * k) / (a * b)));
      const [lowest, highest] = [Math.max(0, a + b - n), Math.min(a, b)];
      const mode = Math.min(highest, Math.max(lowest, Math.floor(((a + 1) * (b + 1)) / (n + 2))));
      const fixed = log(a) + log(b) + log(n - a) + log(n - b) - log(n);
      const peak = Math.exp(fixed - log(mode) - log(a - mode) - log(b - mode) - log(n - a - b + mode));
      let inner = peak * information(mode);
      let probability = peak;
      for (let k = mode; k < highest && probability > negligible; k++) {
        probability *= ((a - k) * (b - k)) / ((k + 1) * (n - a - b + k + 1));
        inner += probability * information(k + 1);
      }
      probability = peak;
      for (let k = mode; k > lowest && probability > negligible; k--) {
        probability *= (k * (n - a - b + k)) / ((a - k + 1) * (b - k + 1));
        inner += probability * information(k - 1);
      }
      sum += timesA * timesB * inner;
    }
  }
  return sum;
}
