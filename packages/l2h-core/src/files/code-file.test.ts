import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import { clusteredVectors } from '../../test/vectors.js';
import { type Codes, packSigns } from '../codes/codes.js';
import { Itq } from '../hashers/itq.js';
import { ProductQuantizer } from '../quantizers/product-quantizer.js';
import { decodeCodeFile, encodeCodeFile } from './code-file.js';
import { crc32 } from './crc32.js';
import { encodeHead, headBytes } from './layout.js';

const randomCodes = (n: number, bits: number, seed = 1): Codes => {
  const rng = createRng(seed);
  return packSigns(
    Float32Array.from({ length: n * bits }, () => rng.normal()),
    bits,
  );
};

it.each([
  ['', 0],
  ['123456789', 0xcbf43926],
  ['The quick brown fox jumps over the lazy dog', 0x414fa339],
])('the CRC-32 of %j is the known one', (text, wanted) => {
  expect(crc32(new TextEncoder().encode(text))).toBe(wanted);
});

describe('a file of codes', () => {
  it.each([1, 8, 31, 32, 33, 64, 100, 512])('gives back codes of %d bits without copying them', (bits) => {
    const codes = randomCodes(7, bits);
    const bytes = encodeCodeFile({ codes });
    const loaded = decodeCodeFile(bytes);
    expect(loaded.codes).toEqual(codes);
    expect(Array.from(loaded.ids)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(loaded.model).toBeNull();
    expect((loaded.codes as Codes).words.buffer).toBe(bytes.buffer);
    expect(bytes.length % 64).toBe(0);
  });

  it('gives back ids, and the model with the codes that it makes', async () => {
    const vectors = clusteredVectors(40, 8, 1);
    const hasher = new Itq({ bits: 6 });
    await hasher.fit(vectors);
    const codes = await hasher.encode(vectors);
    const ids = Array.from({ length: 40 }, (_, i) => 2 ** 40 - 3 * i);
    const loaded = decodeCodeFile(encodeCodeFile({ codes, ids, model: hasher }));
    expect(Array.from(loaded.ids)).toEqual(ids);
    expect(await loaded.model!.encode(vectors)).toEqual(codes);

    const quantizer = new ProductQuantizer({ parts: 4, centroids: 8 });
    await quantizer.fit(vectors);
    const quantized = await quantizer.encode(vectors);
    const second = decodeCodeFile(encodeCodeFile({ codes: quantized, model: quantizer }));
    expect(second.codes).toEqual(quantized);
    expect(await second.model!.encode(vectors)).toEqual(quantized);
  });

  it('holds no codes as well', () => {
    const codes = { n: 0, bits: 64, words: new Uint32Array(0) };
    expect(decodeCodeFile(encodeCodeFile({ codes })).codes).toEqual(codes);
  });

  it('is read from a view that does not begin at a multiple of four', () => {
    const bytes = encodeCodeFile({ codes: randomCodes(3, 40), ids: [5, 6, 7] });
    const shifted = new Uint8Array(bytes.length + 1).subarray(1);
    shifted.set(bytes);
    expect(decodeCodeFile(shifted)).toEqual(decodeCodeFile(bytes));
  });

  it.each(['v1-binary.l2h', 'v1-quantized.l2h'])('written by version 1 (%s) is read as ever', (name) => {
    const bytes = new Uint8Array(readFileSync(join(__dirname, '..', '..', 'fixtures', name)));
    const { codes, ids, model } = decodeCodeFile(bytes, name);
    const { codes: wanted, ids: wantedIds } = JSON.parse(
      readFileSync(join(__dirname, '..', '..', 'fixtures', `${name}.json`), 'utf8'),
    ) as { codes: number[]; ids: number[] };
    expect(Array.from('words' in codes ? codes.words : codes.bytes)).toEqual(wanted);
    expect(Array.from(ids)).toEqual(wantedIds);
    expect(model?.kind).toBe(name.includes('binary') ? 'sim-hash' : 'pq');
  });

  it('is an error or the right answer after any change of a byte, and wherever it is cut off', () => {
    const ids = [3, 1, 2];
    const bytes = encodeCodeFile({ codes: randomCodes(3, 40), ids });
    const right = decodeCodeFile(bytes);
    let refused = 0;
    for (let at = 0; at < bytes.length; at++) {
      for (const bit of [1, 128]) {
        const changed = bytes.slice();
        changed[at]! ^= bit;
        const outcome = outcomeOf(changed);
        if (outcome instanceof Error) refused++;
        else expect(outcome).toEqual(right);
      }
      expect(outcomeOf(bytes.slice(0, at))).toBeInstanceOf(Error);
    }
    // What is not refused is padding.
    expect(refused / (2 * bytes.length)).toBeGreaterThan(0.6);
  });

  it('has blocks that belong to it, each in its place', () => {
    const codes = randomCodes(16, 64);
    const [one, other] = [1, 2].map((first) =>
      encodeCodeFile({ codes, ids: Array.from({ length: 16 }, (_, i) => first + i) }),
    );
    const mixed = Buffer.concat([one!.subarray(0, -192), other!.subarray(-192)]);
    expect(() => decodeCodeFile(mixed)).toThrow(/a block of ids belongs to another file/);
    const twice = Buffer.concat([one!.subarray(0, -192), one!.subarray(-384, -192), one!.subarray(-192)]);
    for (const at of [0, 64]) {
      twice.writeUInt32LE(twice.length, at + 32);
      twice.writeUInt32LE(crc32(twice.subarray(at, at + 60)), at + 60);
    }
    expect(() => decodeCodeFile(twice)).toThrow(/a block of codes for place \d+ stands at \d+/);
  });

  it('ends with a whole block', () => {
    const bytes = encodeCodeFile({ codes: randomCodes(3, 40) });
    for (const end of [130, 128 + 64]) {
      const cut = bytes.slice(0, end);
      for (const sequence of [0, 1]) {
        cut.set(encodeHead({ kind: 'binary', size: 40, count: 3, end, sequence }), sequence * headBytes);
      }
      expect(outcomeOf(cut)).toBeInstanceOf(Error);
    }
  });

  it('has no bits beyond those of a code, and codes as the model makes them', async () => {
    const codes = { n: 1, bits: 9, words: Uint32Array.of(0x1ff) };
    const nine = encodeCodeFile({ codes });
    expect(() => encodeCodeFile({ codes: { ...codes, bits: 8 } })).toThrow(/code 0 has bits beyond its 8/);
    for (const sequence of [0, 1]) {
      nine.set(encodeHead({ kind: 'binary', size: 8, count: 1, end: nine.length, sequence }), sequence * headBytes);
    }
    expect(() => decodeCodeFile(nine)).toThrow(/code 0 has bits beyond its 8/);
    const hasher = new Itq({ bits: 6 });
    await hasher.fit(clusteredVectors(40, 8, 1));
    const bytes = encodeCodeFile({ codes: randomCodes(3, 6), model: hasher });
    for (const sequence of [0, 1]) {
      bytes.set(encodeHead({ kind: 'binary', size: 7, count: 3, end: bytes.length, sequence }), sequence * headBytes);
    }
    expect(() => decodeCodeFile(bytes)).toThrow(/model \(itq\) makes them, binary of 6 bits, got binary of 7 bits/);
  });

  it('says what is wrong', () => {
    const codes = randomCodes(3, 40);
    const bytes = encodeCodeFile({ codes });
    const png = bytes.slice();
    png[0] = 0x89;
    expect(() => decodeCodeFile(png, 'a.l2h')).toThrow(/a\.l2h: expected a file of codes, got another format/);
    expect(() => decodeCodeFile([] as never)).toThrow(/as a Uint8Array, got an Array/);
    expect(() => decodeCodeFile(new Uint8Array(10))).toThrow(/a head of 64 bytes, got 10 bytes/);
    expect(() => decodeCodeFile(bytes.subarray(0, 200))).toThrow(/got 200; the file was cut off/);
    const newer = bytes.slice();
    new DataView(newer.buffer).setUint32(8, 2, true);
    new DataView(newer.buffer).setUint32(60, crc32(newer.subarray(0, 60)), true);
    expect(() => decodeCodeFile(newer)).toThrow(/version 2, this package reads up to 1; update/);
    const strange = bytes.slice();
    strange.set(encodeHead({ kind: 'binary', size: 41, count: 3, end: bytes.length, sequence: 1 }), headBytes);
    expect(() => decodeCodeFile(strange)).toThrow(/heads do not belong together/);
    expect(() => encodeCodeFile({ codes, ids: [1, 2] })).toThrow(/expected 3 ids, one a code, got 2/);
    expect(() => encodeCodeFile({ codes, ids: [1, 2, 0.5] })).toThrow(/safe integers, got 0.5 at 2/);
    expect(() => encodeCodeFile({ codes: { ...codes, n: 2 } })).toThrow(/words/);
    expect(() => encodeCodeFile({ codes, model: new Itq({ bits: 40 }) })).toThrow(/fit/);
    expect(() => encodeCodeFile({ codes, model: new Itq({ bits: 4 }) })).toThrow(
      /makes them, binary of 4 bits, got binary of 40/,
    );
  });
});

function outcomeOf(bytes: Uint8Array): unknown {
  try {
    return decodeCodeFile(bytes);
  } catch (error) {
    expect((error as { code?: string }).code).toMatch(/^l2h\/file-/);
    return error;
  }
}
