import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeHalf, encodeHalf, type HalfDtype } from './half-precision.js';

const all = Uint16Array.from({ length: 65536 }, (_, i) => i);
const layouts: [HalfDtype, { exponentBits: number; mantissaBits: number }][] = [
  ['F16', { exponentBits: 5, mantissaBits: 10 }],
  ['BF16', { exponentBits: 8, mantissaBits: 7 }],
];

describe.each(layouts)('%s', (dtype, { exponentBits, mantissaBits }) => {
  const bias = 2 ** (exponentBits - 1) - 1;

  /** By the definition: ± (1 + m / 2^M) 2^(e − bias), without the 1 where e = 0. */
  function value(bits: number): number {
    const sign = bits >> 15 ? -1 : 1;
    const exponent = (bits & 0x7fff) >> mantissaBits;
    const fraction = (bits % 2 ** mantissaBits) / 2 ** mantissaBits;
    if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias));
  }

  it('reads all 65,536 numbers', () => {
    const got = decodeHalf(dtype, all);
    expect(Array.from(got)).toEqual(Array.from(all, value));
    expect(got.filter(Number.isNaN)).toHaveLength(2 * (2 ** mantissaBits - 1));
  });

  it('writes back what it read, NaNs included', () => {
    expect(encodeHalf(dtype, decodeHalf(dtype, all))).toEqual(all);
  });

  it('rounds to the nearest, ties to even', () => {
    const finite = Array.from({ length: 0x7fff }, (_, bits) => value(bits)).filter(Number.isFinite);
    const beyond = 2 ** (bias + 1);
    const check = (x: number) => {
      const [bits] = encodeHalf(dtype, Float32Array.of(x)) as unknown as [number];
      const magnitude = Math.abs(Math.fround(x));
      let [low, high] = [0, finite.length];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (finite[middle]! <= magnitude) low = middle;
        else high = middle;
      }
      const next = finite[high] ?? beyond;
      const twice = 2 * magnitude - finite[low]! - next;
      const nearest = twice < 0 || (twice === 0 && low % 2 === 0) ? low : high;
      expect(bits & 0x7fff).toBe(nearest);
      expect(bits >> 15).toBe(x < 0 || Object.is(x, -0) ? 1 : 0);
    };
    fc.assert(fc.property(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e5, max: 1e5 }), check), {
      numRuns: 2000,
    });
    fc.assert(fc.property(fc.float({ noNaN: true, noDefaultInfinity: true, min: -(2 ** -13), max: 2 ** -13 }), check), {
      numRuns: 2000,
    });
    // Exactly half-way between neighbours.
    fc.assert(
      fc.property(fc.integer({ min: 0, max: finite.length - 2 }), (i) => check((finite[i]! + finite[i + 1]!) / 2)),
      {
        numRuns: 1000,
      },
    );
    for (const x of [0, -0, beyond, -beyond, finite.at(-1)!, (finite.at(-1)! + beyond) / 2]) check(x);
  });

  it('keeps infinities and makes no infinity of a NaN whose bits are cut off', () => {
    const nan = new Float32Array(new Uint32Array([0x7f800001, 0xff800001]).buffer);
    expect(Array.from(decodeHalf(dtype, encodeHalf(dtype, nan)))).toEqual([Number.NaN, Number.NaN]);
    const infinities = Float32Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    expect(decodeHalf(dtype, encodeHalf(dtype, infinities))).toEqual(infinities);
  });
});
