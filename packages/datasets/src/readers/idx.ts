import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DataFormatError } from '../errors.js';

/** The contents of an IDX file: an array of bytes with its shape, row-major. */
export interface IdxArray {
  readonly type: 'uint8';
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** What {@link readIdxFile} returns. */
export interface IdxFile extends IdxArray {
  /** Checksum of the uncompressed file (hex), so that the same contents compressed in another way are still the same. */
  readonly sha256: string;
}

/** Options of {@link readIdx}. */
export interface IdxOptions {
  /** How many dimensions the file must have: 1 for labels, 3 for grey images. Default: any. */
  readonly dimensions?: number;
  /** The largest array that is read, in bytes. Default 2³⁰. */
  readonly maximumBytes?: number;
  /** What the messages call the file. Default `IDX data`. */
  readonly name?: string;
}

/** Options of {@link readIdxFile}. */
export interface IdxFileOptions extends IdxOptions {
  readonly signal?: AbortSignal;
}

interface Header {
  readonly shape: readonly number[];
  /** Length of the header. */
  readonly headerBytes: number;
  /** Length of the array, as the header declares it. */
  readonly dataBytes: number;
}

/** The format has one byte for the number of dimensions; nothing real comes near. */
const maximumDimensions = 8;
const byteType = 0x08;
const otherTypes: Readonly<Record<number, string>> = {
  9: 'int8',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64',
};
/** Reads the header, or says (undefined) that `bytes` do not reach to its end yet. */
function parseHeader(bytes: Uint8Array, options: IdxOptions): Header | undefined {
  const { name = 'IDX data', dimensions, maximumBytes = 2 ** 30 } = options;
  if (bytes.length < 4) return undefined;
  const [first, second, type, count] = [bytes[0]!, bytes[1]!, bytes[2]!, bytes[3]!];
  const magic = `0x${Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  if (first !== 0 || second !== 0 || count === 0 || count > maximumDimensions) {
    throw new DataFormatError('data/wrong-magic', `${name}: expected the magic number of an IDX file, got ${magic}`);
  }
  if (type !== byteType) {
    const known = otherTypes[type];
    if (known === undefined) {
      throw new DataFormatError('data/wrong-magic', `${name}: expected the magic number of an IDX file, got ${magic}`);
    }
    throw new DataFormatError('data/unsupported-type', `${name}: expected elements of type uint8, got ${known}`);
  }
  if (dimensions !== undefined && count !== dimensions) {
    const roles: Readonly<Record<number, string>> = { 1: ' (labels)', 3: ' (images)' };
    throw new DataFormatError(
      'data/wrong-magic',
      `${name}: expected ${dimensions} dimensions${roles[dimensions] ?? ''}, got ${count}${roles[count] ?? ''}`,
    );
  }
  const headerBytes = 4 + 4 * count;
  if (bytes.length < headerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const shape = Array.from({ length: count }, (_, i) => view.getUint32(4 + 4 * i));
  const dataBytes = Number(shape.reduce((product, side) => product * BigInt(side), 1n));
  if (dataBytes > maximumBytes) {
    throw new DataFormatError(
      'data/too-large',
      `${name}: the header declares ${shape.join(' × ')} bytes; at most ${maximumBytes} are read`,
    );
  }
  return { shape, headerBytes, dataBytes };
}

function truncated(name = 'IDX data', got: number, header?: Header): DataFormatError {
  return new DataFormatError(
    'data/truncated',
    header
      ? `${name}: the header declares ${header.shape.join(' × ')} = ${header.dataBytes} bytes, ${got - header.headerBytes} are there`
      : `${name}: the file ends inside its header, after ${got} bytes`,
  );
}

function trailing(name = 'IDX data', header: Header): DataFormatError {
  return new DataFormatError(
    'data/trailing-bytes',
    `${name}: more bytes follow than the ${header.shape.join(' × ')} = ${header.dataBytes} that the header declares`,
  );
}

/**
 * Decodes an IDX file of bytes that lies in memory: magic number 0x0000_08_nn, n big-endian 32-bit sizes, then the elements.
 *
 * @param bytes the uncompressed file; the result's `data` is a view into it, not a copy
 * @throws DataFormatError
 */
export function readIdx(bytes: Uint8Array, options: IdxOptions = {}): IdxArray {
  const header = parseHeader(bytes, options);
  if (!header) throw truncated(options.name, bytes.length);
  const end = header.headerBytes + header.dataBytes;
  if (bytes.length < end) throw truncated(options.name, bytes.length, header);
  if (bytes.length > end) throw trailing(options.name, header);
  return { type: 'uint8', shape: header.shape, data: bytes.subarray(header.headerBytes) };
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/**
 * Decodes an IDX file on disk, plain or gzip, while it streams.
 *
 * Memory follows what the file really holds, never what its header declares; reading stops at the first byte too many.
 *
 * @throws DataFormatError; the file system's own error where the file cannot be opened; the signal's reason
 */
export async function readIdxFile(path: string, options: IdxFileOptions = {}): Promise<IdxFile> {
  const { signal, name = path } = options;
  const named = { ...options, name };
  signal?.throwIfAborted();
  const gzip = await isGzip(path);

  const chunks: Uint8Array[] = [];
  const hash = createHash('sha256');
  let received = 0;
  let header: Header | undefined;
  const file = createReadStream(path, signal ? { signal } : {});
  // The callback keeps an error from being thrown twice: the loop below gets it from the decompressor.
  const contents = gzip ? pipeline(file, createGunzip({ chunkSize: 1 << 18 }), () => {}) : file;
  try {
    for await (const piece of contents) {
      const chunk = piece as Uint8Array;
      chunks.push(chunk);
      hash.update(chunk);
      received += chunk.length;
      header ??= parseHeader(chunks.length === 1 ? chunk : Buffer.concat(chunks), named);
      if (header && received > header.headerBytes + header.dataBytes) throw trailing(name, header);
    }
  } catch (error) {
    signal?.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') {
      throw new DataFormatError('data/truncated', `${name}: the compressed file ends too early`, { cause: error });
    }
    if (code?.startsWith('Z_')) {
      const reason = (error as Error).message;
      throw new DataFormatError('data/corrupt-gzip', `${name}: cannot be decompressed (${reason})`, { cause: error });
    }
    throw error;
  }
  if (!header) throw truncated(name, received);
  if (received < header.headerBytes + header.dataBytes) throw truncated(name, received, header);
  const data = new Uint8Array(header.dataBytes);
  let offset = -header.headerBytes;
  for (const chunk of chunks) {
    data.set(offset < 0 ? chunk.subarray(-offset) : chunk, Math.max(0, offset));
    offset += chunk.length;
  }
  return { type: 'uint8', shape: header.shape, data, sha256: hash.digest('hex') };
}
