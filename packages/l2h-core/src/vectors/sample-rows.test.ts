import { expect, it } from '@jest/globals';
import { createMatrix, type Matrix } from '@tensor-papers/numerics/linalg';
import { HashOptionError, NonFiniteVectorError, VectorShapeError } from '../errors.js';
import { sampleRows } from './sample-rows.js';

/** Rows (i, −i) in blocks of 7. */
function* blocks(n: number): Generator<Matrix> {
  for (let start = 0; start < n; start += 7) {
    const rows = Math.min(7, n - start);
    yield createMatrix(
      Float64Array.from({ length: 2 * rows }, (_, i) => (i % 2 === 0 ? 1 : -1) * (start + (i >> 1))),
      rows,
    );
  }
}

const firsts = ({ rows, values }: Matrix) => Array.from({ length: rows }, (_, i) => values[2 * i]!);

it('takes all rows where there are no more, in their order', async () => {
  for (const n of [1, 6, 7, 50]) {
    const sample = await sampleRows(blocks(n), 50);
    expect(firsts(sample)).toEqual(Array.from({ length: n }, (_, i) => i));
    expect(sample.values.every((value, at) => Math.abs(value) === at >> 1)).toBe(true);
  }
});

it('takes each row as often as any other, whole, in order, the same ones for a seed', async () => {
  const times = new Array<number>(60).fill(0);
  for (let seed = 0; seed < 2000; seed++) {
    const sample = await sampleRows(blocks(60), 12, { seed });
    const drawn = firsts(sample);
    expect(drawn).toEqual([...new Set(drawn)].sort((a, b) => a - b));
    expect(sample.rows).toBe(12);
    for (let i = 0; i < 12; i++) expect(Math.abs(sample.values[2 * i + 1]!)).toBe(sample.values[2 * i]);
    for (const row of drawn) times[row]!++;
  }
  // 400 expected, standard deviation √(2000 · 0.2 · 0.8) = 18.
  for (const count of times) expect(Math.abs(count - 400)).toBeLessThan(5 * 18);
  expect(await sampleRows(blocks(60), 12, { seed: 3 })).toEqual(await sampleRows(blocks(60), 12, { seed: 3 }));
  expect(await sampleRows(blocks(60), 12, { seed: 3 })).not.toEqual(await sampleRows(blocks(60), 12, { seed: 4 }));
});

it('refuses what is wrong', async () => {
  await expect(sampleRows(blocks(9), 0)).rejects.toThrow(HashOptionError);
  await expect(sampleRows([], 3)).rejects.toThrow(VectorShapeError);
  const wide = createMatrix(new Float32Array(9), 3);
  await expect(sampleRows([...blocks(7), wide], 3)).rejects.toThrow(VectorShapeError);
  await expect(sampleRows([createMatrix(Float32Array.of(1, Number.NaN), 1)], 3)).rejects.toThrow(NonFiniteVectorError);
  const reason = new Error('enough');
  await expect(sampleRows(blocks(9), 3, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
