import type { Contingency } from './contingency.js';

/** How many parts have which size. */
function countSizes(sizes: Float64Array): [number, number][] {
  const counts = new Map<number, number>();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
  return [...counts];
}

/**
 * The mean mutual information in nats over all random relabellings with parts of the same sizes (Vinh, Epps and Bailey 2010):
 * overlaps of a part of a and one of b examples are hypergeometric. Pairs of equal sizes are summed once.
 */
export function expectedMutualInformation({ examples: n, sizesA, sizesB }: Contingency): number {
  const logFactorial = new Float64Array(n + 1);
  for (let i = 2; i <= n; i++) logFactorial[i] = logFactorial[i - 1]! + Math.log(i);
  const log = (k: number) => logFactorial[k]!;
  let sum = 0;
  for (const [a, timesA] of countSizes(sizesA)) {
    for (const [b, timesB] of countSizes(sizesB)) {
      const fixed = log(a) + log(b) + log(n - a) + log(n - b) - log(n);
      let inner = 0;
      for (let k = Math.max(1, a + b - n); k <= Math.min(a, b); k++) {
        const probability = Math.exp(fixed - log(k) - log(a - k) - log(b - k) - log(n - a - b + k));
        inner += (k / n) * Math.log((n * k) / (a * b)) * probability;
      }
      sum += timesA * timesB * inner;
    }
  }
  return sum;
}
