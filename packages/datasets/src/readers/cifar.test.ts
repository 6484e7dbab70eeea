import { createHash } from 'node:crypto';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CifarOptions, readCifar, readCifarFile } from './cifar.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cifar-'));
});
afterAll(() => rm(folder, { recursive: true }));

const ten: CifarOptions = { classes: 10 };
const hundred: CifarOptions = { classes: 100, coarseClasses: 20 };
const file = async (contents: Uint8Array, name = 'file.bin') => {
  await writeFile(join(folder, name), contents);
  return join(folder, name);
};
const code = (expected: string) => expect.objectContaining({ name: 'DataFormatError', code: expected });

/** Records with these label bytes, and pixels that no other place of the same image or its neighbours has in this order. */
function encode(labels: readonly (readonly number[])[], start = 0): Uint8Array {
  return Uint8Array.from(
    labels.flatMap((bytes, record) => [
      ...bytes,
      ...Array.from({ length: 3072 }, (_, i) => (start + record * 31 + i * 7 + (i >> 8) * 3) % 256),
    ]),
  );
}

/** The pixels by the definition of the format, one at a time. */
function slowPixels(bytes: Uint8Array, labelBytes: number): number[] {
  const pixels: number[] = [];
  for (let record = 0; record < bytes.length / (labelBytes + 3072); record++) {
    for (let row = 0; row < 32; row++) {
      for (let column = 0; column < 32; column++) {
        for (let channel = 0; channel < 3; channel++) {
          const inRecord = labelBytes + channel * 1024 + row * 32 + column;
          pixels.push(bytes[record * (labelBytes + 3072) + inRecord]!);
        }
      }
    }
  }
  return pixels;
}

describe('reads', () => {
  it('planes of red, green and blue into pixels', () => {
    const record = Uint8Array.from([
      3,
      ...Array.from({ length: 3072 }, (_, i) => 10 * (i >> 10) + (i % 1024 === 33 ? 1 : 0)),
    ]);
    const { pixels, labels, coarseLabels } = readCifar(record, ten);
    expect([...labels]).toEqual([3]);
    expect(coarseLabels).toHaveLength(0);
    expect([...pixels.subarray(0, 6)]).toEqual([0, 10, 20, 0, 10, 20]);
    expect([...pixels.subarray(3 * 33, 3 * 33 + 3)]).toEqual([1, 11, 21]);
  });

  it('the coarse label before the fine one', () => {
    const { labels, coarseLabels } = readCifar(
      encode([
        [19, 99],
        [0, 42],
        [7, 0],
      ]),
      hundred,
    );
    expect([...labels]).toEqual([99, 42, 0]);
    expect([...coarseLabels]).toEqual([19, 0, 7]);
  });

  it('any records, from memory and from disk, as the definition does', async () => {
    const fine = fc.array(fc.tuple(fc.nat(9)), { minLength: 1, maxLength: 4 });
    const both = fc.array(fc.tuple(fc.nat(19), fc.nat(99)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fine, both), fc.nat(255), async (labels, start) => {
        const options = labels[0]!.length === 1 ? ten : hundred;
        const bytes = encode(labels, start);
        const images = readCifar(bytes, options);
        expect([...images.pixels]).toEqual(slowPixels(bytes, labels[0]!.length));
        expect([...images.labels]).toEqual(labels.map((of) => of.at(-1)));
        expect([...images.coarseLabels]).toEqual(labels.flatMap((of) => (of.length === 2 ? [of[0]] : [])));
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        expect(await readCifarFile(await file(bytes), options)).toEqual({ ...images, sha256 });
      }),
      { numRuns: 30 },
    );
  });

  it('a file of several pieces, whose ends lie inside records', async () => {
    const labels = Array.from({ length: 1500 }, (_, i) => [i % 20, i % 100]);
    const bytes = encode(labels);
    const { sha256: _, ...images } = await readCifarFile(await file(bytes, 'large.bin'), hundred);
    const whole = readCifar(bytes, hundred);
    expect(Buffer.compare(images.pixels, whole.pixels)).toBe(0);
    expect(images.labels).toEqual(whole.labels);
    expect(images.coarseLabels).toEqual(whole.coarseLabels);
    expect(
      Buffer.compare(whole.pixels.subarray(1499 * 3072), Uint8Array.from(slowPixels(bytes.subarray(1499 * 3074), 2))),
    ).toBe(0);
  });

  it('from a view that does not begin at its buffer', () => {
    const bytes = encode([[1], [2]]);
    const shifted = new Uint8Array(bytes.length + 5);
    shifted.set(bytes, 5);
    expect(readCifar(shifted.subarray(5), ten)).toEqual(readCifar(bytes, ten));
  });
});

describe('refuses', () => {
  const two = encode([[4], [9]]);
  it.each<[string, Uint8Array, CifarOptions, string, RegExp]>([
    ['an empty file', new Uint8Array(0), ten, 'data/truncated', /at least one, got 0 bytes/],
    ['one byte', two.subarray(0, 1), ten, 'data/truncated', /whole records of 3073 bytes/],
    ['a record without its last byte', two.subarray(0, 3072), ten, 'data/truncated', /got 3072 bytes/],
    ['a second record without its last byte', two.subarray(0, 6145), ten, 'data/truncated', /got 6145 bytes/],
    ['a byte too many', Uint8Array.from([...two, 0]), ten, 'data/truncated', /got 6147 bytes/],
    ['CIFAR-10 as CIFAR-100', two, hundred, 'data/truncated', /whole records of 3074 bytes/],
    ['a label of 10', encode([[4], [10]]), ten, 'data/wrong-label', /record 1: expected a label in 0 … 9, got 10/],
    ['a label of 255', encode([[255]]), ten, 'data/wrong-label', /record 0: .* got 255/],
    ['a fine label of 100', encode([[0, 100]]), hundred, 'data/wrong-label', /expected a label in 0 … 99, got 100/],
    ['a coarse label of 20', encode([[20, 0]]), hundred, 'data/wrong-label', /a coarse label in 0 … 19, got 20/],
    ['more than is allowed', two, { ...ten, maximumBytes: 6145 }, 'data/too-large', /more than 6145 bytes/],
  ])('%s', async (_, bytes, options, expected, message) => {
    expect(() => readCifar(bytes, options)).toThrow(code(expected));
    expect(() => readCifar(bytes, { ...options, name: 'x.bin' })).toThrow(message);

    const reading = readCifarFile(await file(bytes), options);
    await expect(reading).rejects.toMatchObject({ code: expected, message: expect.stringMatching(message) });
    await expect(reading).rejects.toMatchObject({ message: expect.stringContaining(join(folder, 'file.bin')) });
  });

  it('as many bytes as are allowed are read', () => {
    expect(readCifar(two, { ...ten, maximumBytes: 6146 }).labels).toHaveLength(2);
  });

  it('names the record in a later piece', async () => {
    const labels = Array.from({ length: 800 }, (_, i) => [i === 777 ? 11 : 1]);
    await expect(readCifarFile(await file(encode(labels)), ten)).rejects.toThrow('record 777: expected a label');
  });

  it('a huge file, without reading it to its end', async () => {
    const path = await file(new Uint8Array(0), 'huge.bin');
    await truncate(path, 2 ** 27);
    const before = process.memoryUsage().arrayBuffers;
    await expect(readCifarFile(path, { ...ten, maximumBytes: 4e6 })).rejects.toThrow(code('data/too-large'));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40e6);
  });

  it('a folder and a missing file, with the file system’s own error', async () => {
    await expect(readCifarFile(folder, ten)).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(readCifarFile(join(folder, 'none'), ten)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('stops at a signal', async () => {
    const path = await file(two);
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(readCifarFile(path, { ...ten, signal: aborted })).rejects.toThrow('enough');
    const controller = new AbortController();
    const reading = readCifarFile(path, { ...ten, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});
