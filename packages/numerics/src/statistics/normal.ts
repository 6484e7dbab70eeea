import { requireOpenUnit } from './checks.js';
import { solveTail } from './solve-tail.js';

const inverseSqrtTwoPi = 1 / Math.sqrt(2 * Math.PI);

function density(x: number): number {
  return inverseSqrtTwoPi * Math.exp(-0.5 * x * x);
}

/** P(X > x) of a standard normal for x ≥ 0: the power series of Φ near 0, Laplace's continued fraction further out. */
function upperTail(x: number): number {
  if (x < 2) {
    let term = x;
    let sum = x;
    for (let odd = 3; term > 1e-18 * sum; odd += 2) {
      term *= (x * x) / odd;
      sum += term;
    }
    return 0.5 - density(x) * sum;
  }
  let fraction = 0;
  for (let k = 200; k > 0; k--) fraction = k / (x + fraction);
  return density(x) / (x + fraction);
}

/**
 * The quantile function of the standard normal distribution: P(X ≤ normalQuantile(p)) = p.
 *
 * @param p in (0, 1)
 * @throws StatisticsOptionError
 */
export function normalQuantile(p: number): number {
  requireOpenUnit('normalQuantile: p', p);
  if (p === 0.5) return 0;
  return p < 0.5 ? -solveTail(p, upperTail, density) : solveTail(1 - p, upperTail, density);
}
