import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normalQuantile, StatisticsOptionError, studentTQuantile } from './index.js';

/**
 * P(T ≤ t) by Simpson's rule: with t = √ν tan θ the density is cos^(ν−1) θ, so no gamma function is needed. The nodes
 * cluster towards the end points, where cos^(ν−1) has a root for ν < 3.
 */
function cumulativeByIntegration(t: number, nu: number): number {
  const integral = (from: number, to: number, steps = 20_000) => {
    const middle = (from + to) / 2;
    const half = (to - from) / 2;
    let sum = 0;
    for (let i = 0; i <= steps; i++) {
      const s = -1 + (2 * i) / steps;
      const theta = middle + half * Math.sin((Math.PI / 2) * s);
      const weight = half * (Math.PI / 2) * Math.cos((Math.PI / 2) * s);
      sum += (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * weight * Math.max(0, Math.cos(theta)) ** (nu - 1);
    }
    return (sum * 2) / steps / 3;
  };
  return integral(-Math.PI / 2, Math.atan(t / Math.sqrt(nu))) / integral(-Math.PI / 2, Math.PI / 2);
}

const closeTo = (got: number, expected: number, relative: number) =>
  expect(Math.abs(got / expected - 1)).toBeLessThan(relative);

describe('studentTQuantile', () => {
  it.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 2, 4.302652729749462],
    [0.975, 4, 2.7764451051977934],
    [0.975, 9, 2.262157162798205],
    [0.975, 29, 2.045229642132703],
    [0.995, 3, 5.840909309733355],
    [0.9, 1.5, 2.1963984175655376],
    [0.999, 250, 3.1231502290270914],
    [0.9999999, 9.5, 13.197812158684606],
    [1e-20, 50, -15.238233327171775],
    [0.975, 1e5, 1.9599877075346095],
    [1e-100, 1e5, -21.29759838971532],
    [0.975, 1e9, 1.959963986912325],
  ])('p = %p, ν = %p: the tabulated %p', (p, nu, expected) => {
    closeTo(studentTQuantile(p, nu), expected, 1e-11);
  });

  it('has closed forms for 1, 2 and 4 degrees of freedom', () => {
    for (const p of [0.001, 0.05, 0.3, 0.51, 0.8, 0.999, 0.9999999]) {
      const a = 4 * p * (1 - p);
      closeTo(studentTQuantile(p, 1), -1 / Math.tan(Math.PI * p), 1e-8);
      closeTo(studentTQuantile(p, 2), (2 * p - 1) * Math.sqrt(2 / a), 1e-8);
      const four = 2 * Math.sqrt(Math.cos(Math.acos(Math.sqrt(a)) / 3) / Math.sqrt(a) - 1);
      closeTo(studentTQuantile(p, 4), Math.sign(p - 0.5) * four, 1e-8);
    }
  });

  it('inverts a numeric integration of the density', () => {
    for (const nu of [1.25, 2.5, 3, 5, 12, 60, 400]) {
      for (const p of [0.02, 0.4, 0.6, 0.9, 0.975, 0.9995]) {
        expect(Math.abs(cumulativeByIntegration(studentTQuantile(p, nu), nu) - p)).toBeLessThan(1e-9);
      }
    }
  });

  it('is odd about ½, grows with p and falls towards the normal quantile with ν', () => {
    const p = fc.double({ min: 0.501, max: 0.9999, noNaN: true });
    const nu = fc.double({ min: 1, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(p, nu, (p, nu) => {
        const t = studentTQuantile(p, nu);
        closeTo(-studentTQuantile(1 - p, nu), t, 1e-9);
        expect(studentTQuantile(p + (1 - p) / 100, nu)).toBeGreaterThan(t);
        expect(studentTQuantile(p, nu * 1.5)).toBeLessThan(t);
        expect(t).toBeGreaterThan(normalQuantile(p));
      }),
    );
    expect(studentTQuantile(0.5, 3)).toBe(0);
    expect(studentTQuantile(0.975, Number.POSITIVE_INFINITY)).toBe(normalQuantile(0.975));
  });

  it('joins its expansion for many degrees of freedom without a step', () => {
    for (const p of [0.6, 0.975, 0.9999999, 1e-100]) {
      closeTo(studentTQuantile(p, 1e5), studentTQuantile(p, 1e5 - 1e-6), 1e-11);
    }
  });

  it('answers for probabilities far out, with few degrees of freedom too', () => {
    for (const nu of [1, 1.01, 2, 3, 50]) {
      for (const p of [1e-300, 1e-200, 1e-50]) {
        const t = studentTQuantile(p, nu);
        expect(t).toBeLessThan(-1);
        if (nu < 1.5 || p > 1e-100) expect(Number.isFinite(t)).toBe(true);
      }
    }
  });
});

describe('normalQuantile', () => {
  it.each([
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
    [0.6, 0.2533471031357997],
    [0.9772498680518208, 2],
    [1e-10, -6.361340902404056],
    [1e-300, -37.04709629936119],
  ])('p = %p: %p', (p, expected) => {
    closeTo(normalQuantile(p), expected, 1e-12);
  });
});

it.each([
  ['p = 0', () => studentTQuantile(0, 3)],
  ['p = 1', () => studentTQuantile(1, 3)],
  ['p NaN', () => studentTQuantile(Number.NaN, 3)],
  ['ν = 0', () => studentTQuantile(0.9, 0)],
  ['ν NaN', () => studentTQuantile(0.9, Number.NaN)],
  ['normal p = 2', () => normalQuantile(2)],
])('%s is refused', (_, call) => {
  expect(call).toThrow(StatisticsOptionError);
});
