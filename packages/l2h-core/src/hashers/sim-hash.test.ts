import { expect, it } from '@jest/globals';
import { createMatrix } from '@tensor-papers/numerics/linalg';
import { clusteredVectors } from '../../test/vectors.js';
import { hamming, wordsAt } from '../codes/hamming.js';
import { HashOptionError } from '../errors.js';
import { angleOfDistance, distanceOfAngle, SimHash } from './sim-hash.js';

const vectors = clusteredVectors(40, 7, 1);

it('does not care about lengths where it does not centre', async () => {
  const hasher = new SimHash({ bits: 50, centre: false });
  await hasher.fit(vectors, { seed: 2 });
  const scaled = { ...vectors, values: vectors.values.map((value, at) => value * 2 ** ((Math.floor(at / 7) % 9) - 4)) };
  expect((await hasher.encode(scaled)).words).toEqual((await hasher.encode(vectors)).words);
  const centred = new SimHash({ bits: 50 });
  await centred.fit(vectors, { seed: 2 });
  expect((await centred.encode(scaled)).words).not.toEqual((await centred.encode(vectors)).words);
});

it('needs no more than one vector where it does not centre', async () => {
  const hasher = new SimHash({ bits: 3, centre: false });
  expect((await hasher.fit(createMatrix(Float64Array.of(0, 0), 1))).rows).toBe(1);
  expect((await hasher.encode(createMatrix(Float64Array.of(0, 0), 1))).words[0]).toBe(0b111);
});

it('gives a row equal to the mean the bits of 0, which are 1', async () => {
  const hasher = new SimHash({ bits: 9 });
  const data = createMatrix(Float64Array.of(-1, 2, 1, -2, 0, 0), 3);
  await hasher.fit(data);
  expect((await hasher.encode(data)).words[2]).toBe(2 ** 9 - 1);
});

it('makes the Hamming distance of two vectors tell their angle', async () => {
  const pair = createMatrix(Float64Array.of(1, 0, Math.SQRT1_2, Math.SQRT1_2), 2);
  const seeds = 1000;
  let sum = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const hasher = new SimHash({ bits: 64, centre: false });
    await hasher.fit(pair, { seed });
    const codes = await hasher.encode(pair);
    sum += hamming(wordsAt(codes, 0), wordsAt(codes, 1));
  }
  const sd = Math.sqrt(64 * 0.25 * 0.75);
  expect(Math.abs(sum / seeds - 16)).toBeLessThan((5 * sd) / Math.sqrt(seeds));
});

it('begins a longer code with the shorter one of the same seed', async () => {
  const [short, long] = [new SimHash({ bits: 20 }), new SimHash({ bits: 40 })];
  for (const hasher of [short, long]) await hasher.fit(vectors, { seed: 5 });
  const [a, b] = [await short.project(vectors), await long.project(vectors)];
  for (let i = 0; i < 40; i++) expect(b.slice(i * 40, i * 40 + 20)).toEqual(a.slice(i * 20, (i + 1) * 20));
});

it('gives every distance an angle that tells it again', () => {
  const wrong: number[][] = [];
  for (let bits = 1; bits <= 256; bits++) {
    for (let distance = 0; distance <= bits; distance++) {
      const { mean, sd } = distanceOfAngle(angleOfDistance(distance, bits), bits);
      const errs = [mean - distance, sd ** 2 - (distance * (bits - distance)) / bits].map(Math.abs);
      if (!errs.every((err) => err < 1e-9) || mean > bits) wrong.push([bits, distance, mean, sd]);
    }
  }
  expect(wrong).toEqual([]);
  expect(() => distanceOfAngle(Math.PI * (1 + 1e-9), 13)).toThrow(HashOptionError);
});
