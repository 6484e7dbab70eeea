import { requireOpenUnit } from './checks.js';
import { StatisticsOptionError } from './errors.js';
import { normalQuantile } from './normal.js';
import { solveTail } from './solve-tail.js';

/** From here on the continued fraction cancels, and five terms around the normal quantile are exact to 1e-12. */
const nearlyNormal = 1e5;

/** The expansion of the t quantile in 1/ν around the normal quantile z (Abramowitz and Stegun 26.7.5). */
function expandAroundNormal(z: number, nu: number): number {
  const s = z * z;
  const terms = [
    (s + 1) / 4,
    ((5 * s + 16) * s + 3) / 96,
    (((3 * s + 19) * s + 17) * s - 15) / 384,
    ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160,
  ];
  return z * (1 + terms.reduceRight((sum, term) => (sum + term) / nu, 0));
}

/** Γ(a + ½) / Γ(a): the asymptotic series from a = 20 on, reached by recurrence. */
function gammaRatio(a: number): number {
  let factor = 1;
  let z = a;
  for (; z < 20; z++) factor *= z / (z + 0.5);
  const u = 1 / z;
  const series = u * (-1 / 8 + u * u * (1 / 192 + u * u * (-1 / 640 + u * u * (17 / 14336 - (u * u * 31) / 18432))));
  return factor * Math.sqrt(z) * Math.exp(series);
}

/** The continued fraction of the incomplete beta function I_x(a, b), by Lentz's method; converges for x < (a + 1) / (a + b + 2). */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return result;
}

/**
 * The quantile function of Student's t distribution: P(T ≤ studentTQuantile(p, ν)) = p.
 *
 * Solves P(T > t) = ½ I_{ν/(ν+t²)}(ν/2, ½); relative error below 1e-10.
 *
 * @param p in (0, 1)
 * @param degreesOfFreedom ν ≥ 1, not necessarily an integer; ∞ gives the normal quantile
 * @throws StatisticsOptionError
 */
export function studentTQuantile(p: number, degreesOfFreedom: number): number {
  requireOpenUnit('studentTQuantile: p', p);
  const nu = degreesOfFreedom;
  if (!(nu >= 1)) {
    throw new StatisticsOptionError(`studentTQuantile: degrees of freedom: expected at least 1, got ${nu}`);
  }
  if (p === 0.5) return 0;
  if (nu >= nearlyNormal) return expandAroundNormal(normalQuantile(p), nu);
  const tailProbability = Math.min(p, 1 - p);
  const sign = p < 0.5 ? -1 : 1;
  if (nu === 1) return sign / Math.tan(Math.PI * tailProbability);

  const ratio = gammaRatio(nu / 2);
  const beta = Math.sqrt(Math.PI) / ratio;
  // 1 + t²/ν as a logarithm, so that neither a huge t nor a huge ν overflows or cancels.
  const logScale = (t: number) => {
    const r = t / Math.sqrt(nu);
    return r < 1e100 ? Math.log1p(r * r) : 2 * Math.log(r);
  };
  const density = (t: number) => (ratio / Math.sqrt(nu * Math.PI)) * Math.exp(-0.5 * (nu + 1) * logScale(t));
  const tail = (t: number) => {
    const log = logScale(t);
    const x = Math.exp(-log);
    const y = -Math.expm1(-log);
    const front = (Math.exp(-0.5 * nu * log) * Math.sqrt(y)) / beta;
    return x < (nu / 2 + 1) / (nu / 2 + 2.5)
      ? (front / nu) * betaFraction(nu / 2, 0.5, x)
      : 0.5 - front * betaFraction(0.5, nu / 2, y);
  };
  return sign * solveTail(tailProbability, tail, density);
}
