import { describe, expect, it } from '@jest/globals';
import { TensorNotFoundError } from '../errors.js';
import { type ByteSource, blobSource } from './byte-source.js';
import { encodeSafetensors } from './encode.js';
import { openSafetensors } from './open.js';

const file = encodeSafetensors(
  [
    ['a', { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) }],
    ['b', { dtype: 'I16', shape: [1, 3], data: Int16Array.of(1, -2, 3) }],
    ['big', { dtype: 'F64', shape: [1000], data: new Float64Array(1000) }],
  ],
  { format: 'pt' },
);

/** A source that notes what was read. */
function watched(bytes: Uint8Array): ByteSource & { reads: [number, number][] } {
  const reads: [number, number][] = [];
  return {
    reads,
    size: bytes.length,
    read: async (offset, length) => {
      reads.push([offset, length]);
      return bytes.slice(offset, offset + length);
    },
  };
}

describe('openSafetensors', () => {
  it('reads the header, then single tensors and nothing else', async () => {
    const source = watched(file);
    const opened = await openSafetensors(source);
    const headerBytes = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(source.reads).toEqual([
      [0, 8],
      [8, headerBytes],
    ]);
    expect([...opened.tensors.keys()]).toEqual(['big', 'a', 'b']);
    expect(opened.tensors.get('b')).toEqual({ dtype: 'I16', shape: [1, 3], dataOffsets: [8008, 8014] });
    expect(opened.metadata).toEqual({ format: 'pt' });
    expect(await opened.read('b')).toEqual({ dtype: 'I16', shape: [1, 3], data: Int16Array.of(1, -2, 3) });
    expect(source.reads.slice(2)).toEqual([[8 + headerBytes + 8008, 6]]);
  });

  it('reads from a Blob', async () => {
    const opened = await openSafetensors(blobSource(new Blob([file as Uint8Array<ArrayBuffer>])));
    expect((await opened.read('a')).data).toEqual(Float32Array.of(1, 2));
  });

  it('says which tensors there are', async () => {
    const opened = await openSafetensors(watched(file));
    await expect(opened.read('c')).rejects.toBeInstanceOf(TensorNotFoundError);
    await expect(opened.read('c')).rejects.toThrow('it has 3: big, a, b');
    await expect(opened.read('constructor')).rejects.toBeInstanceOf(TensorNotFoundError);
  });

  it('notices a file that becomes shorter', async () => {
    const source = watched(file);
    const opened = await openSafetensors({
      ...source,
      read: async (offset, length) => file.slice(offset, offset + length).slice(0, offset > 300 ? 5 : length),
    });
    await expect(opened.read('b')).rejects.toMatchObject({ code: 'weights/truncated' });
  });

  it.each([0, 5, 8, 60])('refuses a file of %d bytes without reading behind its end', async (length) => {
    const source = watched(file.slice(0, length));
    await expect(openSafetensors(source)).rejects.toMatchObject({ code: 'weights/truncated' });
    for (const [offset, bytes] of source.reads) expect(offset + bytes).toBeLessThanOrEqual(length);
  });

  it('reads no header that is longer than the limit', async () => {
    const source = watched(file);
    await expect(openSafetensors(source, { maxHeaderBytes: 10 })).rejects.toMatchObject({
      code: 'weights/header-too-long',
    });
    expect(source.reads).toEqual([[0, 8]]);
  });
});
