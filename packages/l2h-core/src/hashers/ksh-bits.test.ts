import { expect, it } from '@jest/globals';
import { createMatrix } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import { classSimilarity, climbGain, KshResidual, kshBits, type Similarity, smoothGain } from './ksh-bits.js';
import { dot, type Matrix64, transposed } from './rows.js';

const of = Int32Array.from({ length: 24 }, (_, i) => (i * i) % 3);
const classes = { of, count: 3 };
const l = of.length;
const same = Float64Array.from({ length: l * l }, (_, at) => (of[Math.floor(at / l)] === of[at % l] ? 1 : -1));

const times = (s: Float64Array, v: Float64Array) =>
  v.map((_, i) => dot(s.subarray(i * v.length, (i + 1) * v.length), v));
const dense = (s: Float64Array): Similarity => ({ size: l, squares: dot(s, s), apply: (v) => times(s, v) });

function centredFeatures(seed: number, t: number): Matrix64 {
  const rng = createRng(seed);
  const values = Float64Array.from({ length: l * t }, () => rng.normal());
  const means = Float64Array.from({ length: t }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < l; i++) sum += values[i * t + j]! / l;
    return sum;
  });
  return createMatrix(
    values.map((value, at) => value - means[at % t]!),
    l,
  );
}

/** bits·S − Σ h·hᵀ, entry by entry. */
const residualOf = (bits: number, taken: readonly Float64Array[]) =>
  same.map((s, at) => taken.reduce((sum, h) => sum - h[Math.floor(at / l)]! * h[at % l]!, bits * s));

it('multiplies with the matrix of equal classes without making it', () => {
  const rng = createRng(1);
  const v = Float64Array.from({ length: l }, () => rng.normal());
  const fast = classSimilarity(classes);
  expect([fast.size, fast.squares]).toEqual([l, dot(same, same)]);
  const slow = times(same, v);
  fast.apply(v).forEach((value, i) => {
    expect(value).toBeCloseTo(slow[i]!, 10);
  });
});

it('keeps the residual and its norm', () => {
  const rng = createRng(2);
  const residual = new KshResidual(classSimilarity(classes), 4);
  const taken: Float64Array[] = [];
  const v = Float64Array.from({ length: l }, () => rng.normal());
  for (let bit = 0; bit < 4; bit++) {
    const h = v.map(() => (rng.uniform() < 0.5 ? -1 : 1));
    residual.take(h);
    taken.push(h);
    const r = residualOf(4, taken);
    expect(residual.objective).toBeCloseTo(dot(r, r) / 16, 8);
    expect(residual.gainOf(v)).toBeCloseTo(dot(v, times(r, v)), 8);
  }
});

it('has the slope of the smoothed gain', () => {
  const features = centredFeatures(3, 5);
  const kt: Matrix64 = { rows: 5, columns: l, values: transposed(features) };
  const residual = new KshResidual(classSimilarity(classes), 4);
  const rng = createRng(3);
  const a = Float64Array.from({ length: 5 }, () => rng.normal());
  smoothGain(kt, residual, a)
    .gradient()
    .forEach((slope, j) => {
      const at = (off: number) =>
        smoothGain(
          kt,
          residual,
          a.map((value, k) => (k === j ? value + off : value)),
        ).value;
      expect(slope).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 4);
    });
});

it('climbs to the top of a long hill', () => {
  const top = Float64Array.of(3, -2, 1);
  const steep = Float64Array.of(1, 10, 100);
  const gain = (z: Float64Array) => ({
    value: -z.reduce((sum, value, i) => sum + steep[i]! * (value - top[i]!) ** 2, 0),
    gradient: () => z.map((value, i) => -2 * steep[i]! * (value - top[i]!)),
  });
  // A gain of exactly 0 at the top would never end on a part of it.
  const lifted = (z: Float64Array) => ({ ...gain(z), value: gain(z).value + 1e-3 });
  const start = Float64Array.of(1, 1, 1);
  climbGain(lifted, start, 500).forEach((value, i) => {
    expect(value).toBeCloseTo(top[i]!, 2);
  });
  expect(climbGain(lifted, start, 0)).toBe(start);
});

it('reports ‖Y·Yᵀ / bits − S‖² and gives codes that are the signs of its weights', async () => {
  const features = centredFeatures(4, 6);
  const { weights, codes, objective } = await kshBits(features, classSimilarity(classes), { bits: 5, climb: 50 });
  expect(codes.length).toBe(5);
  codes.forEach((h, bit) => {
    const r = residualOf(5, codes.slice(0, bit + 1));
    expect(objective[bit]).toBeCloseTo(dot(r, r) / 25, 7);
    for (let i = 0; i < l; i++) {
      const score = dot(features.values.subarray(i * 6, (i + 1) * 6), weights.values.subarray(bit * 6, (bit + 1) * 6));
      expect(h[i]).toBe(score >= 0 ? 1 : -1);
    }
  });
});

it('keeps the better of the start and the end of the climb, for every bit', async () => {
  let [climbed, stayed] = [0, 0];
  for (let seed = 0; seed < 12; seed++) {
    const features = centredFeatures(100 + seed, 6);
    const { codes } = await kshBits(features, classSimilarity(classes), { bits: 4, climb: 1 + (seed % 3) });
    for (let bit = 0; bit < 4; bit++) {
      const r = residualOf(4, codes.slice(0, bit));
      const gain = (h: Float64Array) => dot(h, times(r, h));
      const [start] = (await kshBits(features, dense(r), { bits: 1, climb: 0 })).codes as [Float64Array];
      expect(gain(codes[bit]!)).toBeGreaterThanOrEqual(gain(start) - 1e-9);
      if (gain(codes[bit]!) > gain(start)) climbed++;
      else stayed++;
    }
  }
  expect(climbed).toBeGreaterThan(0);
  expect(stayed).toBeGreaterThan(0);
});
