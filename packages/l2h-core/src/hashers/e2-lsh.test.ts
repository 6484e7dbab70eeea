import { expect, it } from '@jest/globals';
import { createMatrix, type Matrix } from '@tensor-papers/numerics/linalg';
import { clusteredVectors } from '../../test/vectors.js';
import { HashOptionError, NonFiniteVectorError, NotFittedError, VectorShapeError } from '../errors.js';
import { E2Lsh, type E2LshOptions } from './e2-lsh.js';

const vectors = clusteredVectors(30, 4, 1);
function drawn(options: Partial<E2LshOptions> = {}, seed = 3): E2Lsh {
  const lsh = new E2Lsh({ functions: 6, width: 1.5, ...options });
  lsh.fit(4, { seed });
  return lsh;
}
const numbers = (base64: string) => {
  const bytes = Buffer.from(base64, 'base64');
  return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
};

it('gives ⌊(a·x + b) / w⌋', async () => {
  const lsh = drawn();
  const { model } = JSON.parse(JSON.stringify(lsh));
  const [a, b] = [numbers(model.directions.float64), numbers(model.offsets.float64)];
  expect(b.every((offset) => offset >= 0 && offset < 1.5)).toBe(true);
  expect(new Set(b).size).toBe(6);
  const cells = await lsh.hash(vectors);
  cells.forEach((cell, at) => {
    const [i, f] = [Math.floor(at / 6), at % 6];
    let sum = b[f]!;
    for (let j = 0; j < 4; j++) sum += a[f * 4 + j]! * vectors.values[i * 4 + j]!;
    expect(cell).toBe(Math.floor(sum / 1.5));
  });
});

it('puts near vectors together more often than far ones, as often as theory says', async () => {
  const lsh = drawn({ functions: 20_000, width: 2 });
  const moved = (off: number): Matrix => createMatrix(Float64Array.of(1, 2, 3, 4, 1 + off, 2, 3, 4), 2);
  const together = async (off: number) => {
    const cells = await lsh.hash(moved(off));
    return cells.subarray(0, 20_000).filter((cell, f) => cell === cells[20_000 + f]).length / 20_000;
  };
  // P = ∫₀ʷ (2 / c)·φ(t / c)·(1 − t / w) dt for the distance c.
  const theory = (c: number, w: number) => {
    const parts = 20_000;
    let sum = 0;
    for (let k = 0; k < parts; k++) {
      const t = ((k + 0.5) * w) / parts;
      sum += (2 / c) * (Math.exp(-((t / c) ** 2) / 2) / Math.sqrt(2 * Math.PI)) * (1 - t / w) * (w / parts);
    }
    return sum;
  };
  for (const off of [0.5, 2, 6]) {
    const expected = theory(off, 2);
    const sd = Math.sqrt((expected * (1 - expected)) / 20_000);
    expect(Math.abs((await together(off)) - expected)).toBeLessThan(5 * sd);
  }
});

it('depends on the seed only, goes through JSON, and scales vectors where told', async () => {
  const cells = await drawn({ normalize: true }).hash(vectors);
  expect(await drawn({ normalize: true }).hash(vectors)).toEqual(cells);
  expect(await drawn({ normalize: true }, 4).hash(vectors)).not.toEqual(cells);
  expect(await E2Lsh.fromJson(JSON.parse(JSON.stringify(drawn({ normalize: true })))).hash(vectors)).toEqual(cells);
  const twice = { ...vectors, values: vectors.values.map((value) => 2 * value) };
  expect(await drawn({ normalize: true }).hash(twice)).toEqual(cells);
  expect(await drawn().hash(twice)).not.toEqual(await drawn().hash(vectors));
});

it('refuses what it cannot use', async () => {
  for (const bad of [{ functions: 0 }, { functions: 1.5 }, { width: 0 }, { width: -1 }, { width: Number.NaN }]) {
    expect(() => drawn(bad)).toThrow(HashOptionError);
  }
  const fresh = new E2Lsh({ functions: 2, width: 1 });
  expect(() => fresh.fit(0)).toThrow(HashOptionError);
  expect(() => fresh.fit(4, { seed: 0.5 })).toThrow(HashOptionError);
  await expect(fresh.hash(vectors)).rejects.toThrow(NotFittedError);
  expect(() => fresh.toJSON()).toThrow(NotFittedError);
  expect(fresh.dimensions).toBeNull();
  const lsh = drawn();
  await expect(lsh.hash(createMatrix(new Float64Array(3), 1))).rejects.toThrow(VectorShapeError);
  await expect(lsh.hash(createMatrix(Float64Array.of(1, 2, Number.NaN, 4), 1))).rejects.toThrow(NonFiniteVectorError);
  await expect(drawn({ width: 1e-12 }).hash(vectors)).rejects.toThrow('choose a larger width than 1e-12');
  const reason = new Error('enough');
  await expect(lsh.hash(vectors, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const json = JSON.parse(JSON.stringify(lsh));
  for (const broken of [{ ...json, kind: 'itq' }, { ...json, version: 0 }, { ...json, model: {} }, null]) {
    expect(() => E2Lsh.fromJson(broken)).toThrow(HashOptionError);
  }
});
