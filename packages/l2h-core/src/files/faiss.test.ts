import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createMatrix } from '@tensor-papers/numerics/linalg';
import { clusteredVectors } from '../../test/vectors.js';
import { codesFromBytes, codesToBytes, packSigns } from '../codes/codes.js';
import { PQIndex } from '../quantizers/pq-index.js';
import { ProductQuantizer } from '../quantizers/product-quantizer.js';
import { decodeFaissBinary, decodeFaissPq, encodeFaissBinary, encodeFaissPq } from './faiss.js';

const fixture = (name: string) => new Uint8Array(readFileSync(join(__dirname, '..', '..', 'fixtures', name)));
const held = <Content>(name: string) => JSON.parse(new TextDecoder().decode(fixture(name))) as Content;

describe('indexes that faiss wrote', () => {
  it.each(['faiss-binary-flat', 'faiss-binary-id-map'])('%s: codes and ids, and back byte for byte', (name) => {
    const { bits, bytes, ids } = held<{ bits: number; bytes: number[]; ids: number[] }>(`${name}.json`);
    const read = decodeFaissBinary(fixture(`${name}.faiss`));
    expect(read.codes).toEqual(codesFromBytes(Uint8Array.from(bytes), bits));
    expect(Array.from(codesToBytes(read.codes))).toEqual(bytes);
    expect(Array.from(read.ids)).toEqual(ids);
    const written = name.endsWith('map') ? encodeFaissBinary(read.codes, read.ids) : encodeFaissBinary(read.codes);
    expect(Buffer.from(written)).toEqual(Buffer.from(fixture(`${name}.faiss`)));
  });

  it.each(['faiss-pq', 'faiss-pq-id-map'])('%s: what faiss finds is found, and back byte for byte', async (name) => {
    const wanted = held<{
      codes: number[];
      query: number[];
      found: number[];
      distances: number[];
      first: number[];
      ids: number[];
    }>(`${name}.json`);
    const { quantizer, codes, ids } = decodeFaissPq(fixture(`${name}.faiss`));
    expect(Array.from(codes.bytes)).toEqual(wanted.codes);
    expect(Array.from(quantizer.codebooks.values.subarray(0, 8))).toEqual(wanted.first);
    expect(Array.from(ids)).toEqual(wanted.ids);
    const index = new PQIndex(quantizer);
    index.add(codes);
    const { ids: found, distances } = await index.search(createMatrix(Float32Array.from(wanted.query), 1), 6);
    expect(Array.from(found)).toEqual(wanted.found);
    distances.forEach((distance, i) => {
      expect(distance).toBeCloseTo(wanted.distances[i]!, 4);
    });
    const written = name.endsWith('map') ? encodeFaissPq(quantizer, codes, ids) : encodeFaissPq(quantizer, codes);
    expect(Buffer.from(written)).toEqual(Buffer.from(fixture(`${name}.faiss`)));
  });

  it.each([
    ['faiss-binary-id-map', decodeFaissBinary],
    ['faiss-pq-id-map', decodeFaissPq],
  ] as const)('%s: cut off anywhere, an error that says so', (name, decode) => {
    const whole = fixture(`${name}.faiss`);
    for (let length = 0; length < whole.length; length += length < 400 ? 1 : 97) {
      let code: unknown;
      try {
        decode(whole.subarray(0, length));
      } catch (error) {
        ({ code } = error as { code?: string });
      }
      expect({ length, code }).toEqual({ length, code: expect.stringMatching(/^l2h\/file-/) });
    }
  });

  it('say what is wrong', async () => {
    expect(() => decodeFaissBinary(fixture('faiss-pq.faiss'))).toThrow(/an IndexBinaryFlat .* got IxPq/);
    expect(() => decodeFaissPq(fixture('faiss-binary-flat.faiss'))).toThrow(/an IndexPQ .* got IBxF/);
    expect(() => decodeFaissPq(Uint8Array.of(1, 2, 3, 4))).toThrow(/got no index of faiss/);
    const changed = (name: string, at: number, value: number) => {
      const bytes = fixture(name).slice();
      bytes[at] = value;
      return bytes;
    };
    expect(() => decodeFaissBinary(changed('faiss-binary-flat.faiss', 4, 41))).toThrow(/whole bytes, got 41 bits in 5/);
    expect(() => decodeFaissBinary(changed('faiss-binary-flat.faiss', 12, 10))).toThrow(/expected 50 codes, got 45/);
    expect(() => decodeFaissBinary(changed('faiss-binary-flat.faiss', 20, 0))).toThrow(/an index that is trained/);
    expect(() => decodeFaissBinary(Buffer.concat([fixture('faiss-binary-flat.faiss'), Buffer.of(0)]))).toThrow(
      /expected the end of the file at \d+, 1 bytes follow/,
    );
    expect(() => decodeFaissBinary(changed('faiss-binary-id-map.faiss', 12, 3))).toThrow(
      /codes in the map of ids, got 3/,
    );
    expect(() => decodeFaissPq(changed('faiss-pq-id-map.faiss', 8, 3))).toThrow(/codes in the map of ids, got 3/);
    expect(() => decodeFaissPq(changed('faiss-pq.faiss', 4, 3))).toThrow(/expected 3 dimensions of the quantiser/);
    expect(() => decodeFaissPq(changed('faiss-pq.faiss', 33, 0))).toThrow(
      /Euclidean distances \(metric 1\), got metric 0/,
    );
    expect(() => decodeFaissPq(changed('faiss-pq.faiss', 53, 4))).toThrow(/expected 8 bits a part, got 4/);
    expect(() => encodeFaissBinary(packSigns([1, 1, 1], 3))).toThrow(/whole bytes only, got 3 bits/);
    const quantizer = new ProductQuantizer({ parts: 2, centroids: 16 });
    const vectors = clusteredVectors(20, 4, 1);
    await quantizer.fit(vectors);
    expect(() => encodeFaissPq(quantizer, { n: 0, parts: 2, bytes: new Uint8Array(0) })).toThrow(
      /expected 256 centroids/,
    );
  });
});
