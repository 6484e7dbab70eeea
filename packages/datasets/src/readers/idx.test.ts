import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DataFormatError } from '../errors.js';
import { readIdx, readIdxFile } from './idx.js';

const fixtures = join(__dirname, '..', '..', 'fixtures');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'idx-'));
});
afterAll(() => rm(folder, { recursive: true }));

function encode(shape: readonly number[], data: ArrayLike<number>, type = 8): Uint8Array {
  const sides = shape.flatMap((side) => [side >>> 24, (side >>> 16) & 255, (side >>> 8) & 255, side & 255]);
  return Uint8Array.from([0, 0, type, shape.length, ...sides, ...Array.from(data)]);
}
const file = async (contents: Uint8Array, name = 'file') => {
  await writeFile(join(folder, name), contents);
  return join(folder, name);
};
const code = (expected: string) => expect.objectContaining({ name: 'DataFormatError', code: expected });
const small = encode(
  [2, 2, 3],
  Array.from({ length: 12 }, (_, i) => i),
);

describe('reads', () => {
  it('the fixture, from memory, from disk and compressed', async () => {
    const expected = { type: 'uint8', shape: [3, 2, 2], data: Uint8Array.from({ length: 12 }, (_, i) => 10 * i) };
    const bytes = await readFile(join(fixtures, 'three-images-idx3-ubyte'));
    expect(readIdx(bytes)).toEqual({ ...expected, data: Buffer.from(expected.data) });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    for (const name of ['three-images-idx3-ubyte', 'three-images-idx3-ubyte.gz']) {
      expect(await readIdxFile(join(fixtures, name), { dimensions: 3 })).toEqual({ ...expected, sha256 });
    }
    expect([...(await readIdxFile(join(fixtures, 'three-labels-idx1-ubyte'))).data]).toEqual([2, 0, 1]);
  });

  it('what was encoded, whatever its shape, from memory and from several chunks of a compressed file', async () => {
    const shapes = fc.array(fc.nat(6), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(shapes, fc.nat(255), async (shape, start) => {
        const length = shape.reduce((product, side) => product * side, 1);
        const data = Uint8Array.from({ length }, (_, i) => start + i * 7);
        const bytes = encode(shape, data);
        expect(readIdx(bytes)).toEqual({ type: 'uint8', shape, data });
        expect((await readIdxFile(await file(gzipSync(bytes)))).data).toEqual(data);
      }),
      { numRuns: 30 },
    );
    const data = Uint8Array.from({ length: 600_000 }, (_, i) => (i * 2654435761) >>> 13);
    const path = await file(gzipSync(Buffer.concat([encode([600_000], []), data])), 'large.gz');
    expect(Buffer.compare((await readIdxFile(path)).data, data)).toBe(0);
  });

  it('from a view that does not begin at its buffer', () => {
    const shifted = new Uint8Array(small.length + 5);
    shifted.set(small, 5);
    expect(readIdx(shifted.subarray(5)).shape).toEqual([2, 2, 3]);
  });
});

describe('refuses', () => {
  it('a file that ends anywhere before its end', async () => {
    for (let length = 0; length < small.length; length++) {
      expect(() => readIdx(small.subarray(0, length))).toThrow(code('data/truncated'));
      await expect(readIdxFile(await file(small.subarray(0, length)))).rejects.toThrow(code('data/truncated'));
      await expect(readIdxFile(await file(gzipSync(small.subarray(0, length))))).rejects.toThrow(
        code('data/truncated'),
      );
    }
  });

  it('a compressed file that ends anywhere before its end', async () => {
    const compressed = gzipSync(small);
    for (let length = 2; length < compressed.length; length++) {
      await expect(readIdxFile(await file(compressed.subarray(0, length)))).rejects.toThrow(code('data/truncated'));
    }
  });

  it.each([
    ['another first byte', [1, 0, 8, 1, 0, 0, 0, 0], 'data/wrong-magic'],
    ['another second byte', [0, 1, 8, 1, 0, 0, 0, 0], 'data/wrong-magic'],
    ['a type that does not exist', [0, 0, 7, 1, 0, 0, 0, 0], 'data/wrong-magic'],
    ['no dimensions', [0, 0, 8, 0, 0, 0, 0, 0], 'data/wrong-magic'],
    ['255 dimensions', [0, 0, 8, 255, 0, 0, 0, 0], 'data/wrong-magic'],
    ['a PNG', [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10], 'data/wrong-magic'],
    ['floats', [0, 0, 13, 1, 0, 0, 0, 0], 'data/unsupported-type'],
    ['int32', [0, 0, 12, 1, 0, 0, 0, 0], 'data/unsupported-type'],
    ['2⁹⁶ bytes', [0, 0, 8, 3, ...new Array<number>(12).fill(255)], 'data/too-large'],
    ['one byte more than 2³⁰', [0, 0, 8, 1, 64, 0, 0, 1], 'data/too-large'],
    ['2³⁰ bytes that are not there', [0, 0, 8, 1, 64, 0, 0, 0], 'data/truncated'],
  ])('%s', async (_, bytes, expected) => {
    const contents = Uint8Array.from(bytes);
    expect(() => readIdx(contents)).toThrow(code(expected));
    await expect(readIdxFile(await file(contents))).rejects.toThrow(code(expected));
    await expect(readIdxFile(await file(gzipSync(contents)))).rejects.toThrow(code(expected));
  });

  it('labels where images are expected, saying so', () => {
    expect(() => readIdx(encode([1], [0]), { dimensions: 3, name: 'x.gz' })).toThrow(code('data/wrong-magic'));
    expect(() => readIdx(encode([1], [0]), { dimensions: 3, name: 'x.gz' })).toThrow(
      'x.gz: expected 3 dimensions (images), got 1 (labels)',
    );
  });

  it('more than the caller allows', async () => {
    expect(() => readIdx(small, { maximumBytes: 11 })).toThrow(code('data/too-large'));
    await expect(readIdxFile(await file(small), { maximumBytes: 11 })).rejects.toThrow(code('data/too-large'));
    expect(readIdx(small, { maximumBytes: 12 }).shape).toEqual([2, 2, 3]);
  });

  it('bytes after the end', async () => {
    const longer = Uint8Array.from([...small, 0]);
    expect(() => readIdx(longer)).toThrow(code('data/trailing-bytes'));
    await expect(readIdxFile(await file(longer))).rejects.toThrow(code('data/trailing-bytes'));
    await expect(readIdxFile(await file(gzipSync(longer)))).rejects.toThrow(code('data/trailing-bytes'));
  });

  it('a damaged compressed file', async () => {
    const compressed = Uint8Array.from(gzipSync(small));
    for (const position of [2, 12, compressed.length - 6]) {
      const damaged = compressed.slice();
      damaged[position]! ^= 0xff;
      await expect(readIdxFile(await file(damaged))).rejects.toThrow(DataFormatError);
    }
    compressed[compressed.length - 6]! ^= 0xff;
    await expect(readIdxFile(await file(compressed))).rejects.toThrow(code('data/corrupt-gzip'));
  });

  it('a missing file, with the file system’s own error', async () => {
    await expect(readIdxFile(join(folder, 'none'))).rejects.toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });

  it('any other bytes, with nothing but a DataFormatError', async () => {
    const header = fc.tuple(fc.constantFrom(0, 8, 13), fc.nat(4), fc.uint8Array({ maxLength: 40 }));
    await fc.assert(
      fc.asyncProperty(header, fc.boolean(), async ([type, count, rest], compressed) => {
        const contents = Uint8Array.from([0, 0, type, count, ...rest]);
        const path = await file(compressed ? gzipSync(contents) : contents);
        const outcome = await readIdxFile(path).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(DataFormatError);
        else expect(outcome).toEqual(expect.objectContaining({ type: 'uint8' }));
      }),
    );
  });
});

describe('memory and time follow the file, not its header', () => {
  it('a header of a gigabyte allocates nothing', async () => {
    const path = await file(gzipSync(encode([2 ** 30 - 1], [1, 2, 3])));
    const before = process.memoryUsage().arrayBuffers;
    await expect(readIdxFile(path)).rejects.toThrow(code('data/truncated'));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20e6);
  });

  it('a small declared size stops the decompression of a large file', async () => {
    const path = await file(gzipSync(Buffer.concat([encode([10], []), Buffer.alloc(100e6)])), 'bomb.gz');
    const before = process.memoryUsage().arrayBuffers;
    await expect(readIdxFile(path)).rejects.toThrow(code('data/trailing-bytes'));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20e6);
  });

  it('stops at a signal', async () => {
    const path = await file(small);
    await expect(readIdxFile(path, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    const controller = new AbortController();
    const reading = readIdxFile(path, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});
