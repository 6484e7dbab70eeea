import { describe, expect, it } from '@jest/globals';
import { createMatrix } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import fc from 'fast-check';
import { clusteredVectors } from '../../test/vectors.js';
import { DuplicateIdError } from '../search/errors.js';
import { CompositeQuantizer } from './composite-quantizer.js';
import { PQIndex } from './pq-index.js';
import { ProductQuantizer } from './product-quantizer.js';
import { type QuantizedCodes, tableSums } from './quantizer.js';
import { SmallestK } from './smallest-k.js';

const vectors = clusteredVectors(60, 6, 2);
const queries = clusteredVectors(5, 6, 3);

async function fitted() {
  const quantizer = new ProductQuantizer({ parts: 3, centroids: 4 });
  await quantizer.fit(vectors);
  return { quantizer, codes: await quantizer.encode(vectors) };
}

const at = ({ parts, bytes }: QuantizedCodes, rows: readonly number[]): QuantizedCodes => ({
  n: rows.length,
  parts,
  bytes: Uint8Array.from(rows.flatMap((i) => [...bytes.subarray(i * parts, (i + 1) * parts)])),
});

describe('PQIndex', () => {
  it('finds what a full sort by distance, then id, puts first; many codes are equal', async () => {
    const { quantizer, codes } = await fitted();
    const index = new PQIndex(quantizer);
    const ids = Array.from({ length: 60 }, (_, i) => 1000 - 7 * i);
    index.add(codes, ids);
    for (const k of [1, 10, 60, 75]) {
      const found = await index.search(queries, k);
      for (let q = 0; q < queries.rows; q++) {
        const sums = tableSums(quantizer.tables(queries.values.subarray(6 * q, 6 * q + 6)), codes);
        const order = ids.map((id, i) => ({ id, sum: sums[i]! })).sort((a, b) => a.sum - b.sum || a.id - b.id);
        const wanted = Array.from({ length: k }, (_, i) => order[i] ?? { id: -1, sum: Number.POSITIVE_INFINITY });
        expect(Array.from(found.ids.subarray(q * k, (q + 1) * k))).toEqual(wanted.map(({ id }) => id));
        expect(Array.from(found.distances.subarray(q * k, (q + 1) * k))).toEqual(wanted.map(({ sum }) => sum));
      }
    }
  });

  it('range search is a filter of everything', async () => {
    const { quantizer, codes } = await fitted();
    const index = new PQIndex(quantizer);
    index.add(codes);
    const everything = await index.search(queries, 60);
    const radius = everything.distances[20]!;
    const { offsets, ids, distances } = await index.rangeSearch(queries, radius);
    for (let q = 0; q < queries.rows; q++) {
      const inside = Array.from(everything.distances.subarray(60 * q, 60 * q + 60)).filter((d) => d <= radius);
      const wanted = everything.ids.subarray(60 * q, 60 * q + inside.length);
      expect(Array.from(ids.subarray(offsets[q], offsets[q + 1]))).toEqual(Array.from(wanted));
      expect(Array.from(distances.subarray(offsets[q], offsets[q + 1]))).toEqual(inside);
    }
    expect(offsets[5]).toBe(ids.length);
  });

  it('symmetric distances are those of the decoded query', async () => {
    const { quantizer, codes } = await fitted();
    const index = new PQIndex(quantizer, { mode: 'sdc' });
    index.add(codes);
    const found = await index.search(queries, 60);
    const decoded = quantizer.decode(await quantizer.encode(queries));
    const asymmetric = new PQIndex(quantizer);
    asymmetric.add(codes);
    const wanted = await asymmetric.search(decoded, 60);
    expect(found.ids).toEqual(wanted.ids);
    found.distances.forEach((distance, i) => {
      expect(distance).toBeCloseTo(wanted.distances[i]!, 4);
    });
  });

  it('adding and removing leaves what a fresh index of the rest finds (property)', async () => {
    const { quantizer, codes } = await fitted();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ add: fc.boolean(), row: fc.nat(7) }), { minLength: 30, maxLength: 40 }),
        fc.func(fc.boolean()),
        async (steps, filter) => {
          const index = new PQIndex(quantizer);
          const there = new Set<number>();
          for (const { add, row } of steps) {
            if (add && !there.has(row)) {
              index.add(at(codes, [row]), [row]);
              there.add(row);
            } else if (!add) {
              expect(index.remove([row, 99])).toBe(there.delete(row) ? 1 : 0);
            }
          }
          expect(index.size).toBe(there.size);
          const kept = [...there].filter((id) => filter(id));
          const fresh = new PQIndex(quantizer);
          fresh.add(at(codes, kept), kept);
          expect(await index.search(queries, 7, { filter: (id) => filter(id) })).toEqual(
            await fresh.search(queries, 7),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('counts on with ids, and refuses what it cannot take without adding any of it', async () => {
    const { quantizer, codes } = await fitted();
    const index = new PQIndex(quantizer);
    index.add(at(codes, [0, 1]), [4, 9]);
    index.add(at(codes, [2]));
    index.remove([10]);
    index.add(at(codes, [2]), [-5]);
    expect((await index.search(queries, 3)).ids.subarray(0, 3).toSorted()).toEqual(Float64Array.of(-5, 4, 9));
    const two = at(codes, [3, 4]);
    for (const [ids, message] of [
      [[20, 9], /id 9 is there already/],
      [[20, 20], /id 20 is there already/],
      [[20], /expected 2 ids, one a code, got 1/],
      [[20, 1.5], /safe integers, got 1.5/],
    ] as const) {
      expect(() => index.add(two, ids)).toThrow(message);
    }
    expect(() => index.add({ n: 1, parts: 2, bytes: new Uint8Array(2) })).toThrow(/codes of 3 bytes, got 2/);
    expect(() => index.add(two, [9, 20])).toThrow(DuplicateIdError);
    const full = new PQIndex(quantizer);
    full.add(at(codes, [0]), [Number.MAX_SAFE_INTEGER - 1]);
    expect(() => full.add(two)).toThrow(/PQIndex.add: no whole number is left beyond id 9007199254740990/);
    expect(full.size).toBe(1);
    index.add(at(codes, [5]));
    expect((await index.search(queries, 4)).ids.subarray(0, 4).toSorted()).toEqual(Float64Array.of(-5, 4, 9, 11));
    expect(index.stats()).toEqual({ items: 4, bytes: 44 });
    await expect(index.search(queries, 0)).rejects.toThrow(/k: expected an integer of at least 1, got 0/);
    await expect(index.search(createMatrix(new Float32Array(4), 1), 1)).rejects.toThrow(/of 6 numbers, got 4/);
    await expect(index.rangeSearch(queries, -1)).rejects.toThrow(/radius/);
    expect(() => new PQIndex(quantizer, { mode: 'xdc' as 'adc' })).toThrow(/expected adc or sdc/);
    expect(() => new PQIndex(new CompositeQuantizer({ parts: 3 }), { mode: 'sdc' })).toThrow(/cannot be compared/);
    expect(Array.from((await new PQIndex(quantizer).search(queries, 1)).ids)).toEqual([-1, -1, -1, -1, -1]);
  });
});

it('SmallestK keeps what a sort puts first (property)', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(5), { maxLength: 50 }),
      fc.integer({ min: 1, max: 12 }),
      fc.nat(),
      (values, k, seed) => {
        const ids = Array.from(createRng(seed).permutation(values.length));
        const nearest = new SmallestK(k);
        values.forEach((value, i) => {
          nearest.add(value, ids[i]!);
        });
        const wanted = values
          .map((value, i) => ({ value, id: ids[i]! }))
          .sort((a, b) => a.value - b.value || a.id - b.id);
        expect(nearest.sorted()).toEqual(wanted.slice(0, k));
      },
    ),
  );
});
