import { requireOpenUnit } from './checks.js';
import { StatisticsOptionError } from './errors.js';
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
 * The cumulative distribution function Φ of the standard normal distribution: P(X ≤ x). Relative error below 1e-12, far out in
 * the lower tail as well.
 *
 * @param x any number but NaN
 * @throws StatisticsOptionError
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) throw new StatisticsOptionError('normalCdf: x: expected a number, got NaN');
  if (!Number.isFinite(x)) return x < 0 ? 0 : 1;
  return x < 0 ? upperTail(-x) : 1 - upperTail(x);
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
