import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { DataFormatError } from '../errors.js';

/** The images of a CIFAR file, in its order. */
export interface CifarImages {
  /** `n × 32 × 32 × 3` bytes, NHWC. */
  readonly pixels: Uint8Array;
  /** One class id per image. */
  readonly labels: Uint8Array;
  /** One superclass id per image; empty where the records have none. */
  readonly coarseLabels: Uint8Array;
}

/** What {@link readCifarFile} returns. */
export interface CifarFile extends CifarImages {
  /** Checksum of the file (hex). */
  readonly sha256: string;
}

/** Options of {@link readCifar}. */
export interface CifarOptions {
  /** Number of classes C, labels are 0 … C − 1: 10 in CIFAR-10, 100 in CIFAR-100. */
  readonly classes: number;
  /** Number of superclasses, where each record begins with one: 20 in CIFAR-100. Default: the records have none. */
  readonly coarseClasses?: number;
  /** The largest file that is read, in bytes. Default 2³⁰. */
  readonly maximumBytes?: number;
  /** What the messages call the file. Default `CIFAR data`. */
  readonly name?: string;
}

/** Options of {@link readCifarFile}. */
export interface CifarFileOptions extends CifarOptions {
  readonly signal?: AbortSignal;
}

const planeBytes = 32 * 32;
const imageBytes = 3 * planeBytes;
const recordBytesOf = ({ coarseClasses }: CifarOptions) => (coarseClasses === undefined ? 1 : 2) + imageBytes;

function refuseMore(bytes: number, { maximumBytes = 2 ** 30, name = 'CIFAR data' }: CifarOptions): void {
  if (bytes > maximumBytes) {
    throw new DataFormatError('data/too-large', `${name}: more than ${maximumBytes} bytes; no more are read`);
  }
}

function refuseLess(bytes: number, options: CifarOptions): void {
  const recordBytes = recordBytesOf(options);
  if (bytes > 0 && bytes % recordBytes === 0) return;
  throw new DataFormatError(
    'data/truncated',
    `${options.name ?? 'CIFAR data'}: expected whole records of ${recordBytes} bytes, at least one, got ${bytes} bytes`,
  );
}

/** Decodes whole records, of which the first one is number `first` of its file. */
function decodeRecords(bytes: Uint8Array, first: number, options: CifarOptions): CifarImages {
  const { classes, coarseClasses, name = 'CIFAR data' } = options;
  const recordBytes = recordBytesOf(options);
  const count = bytes.length / recordBytes;
  const labelAt = (at: number, what: string, limit: number): number => {
    const label = bytes[at]!;
    if (label < limit) return label;
    const record = first + Math.floor(at / recordBytes);
    throw new DataFormatError(
      'data/wrong-label',
      `${name}: record ${record}: expected a ${what} in 0 … ${limit - 1}, got ${label}`,
    );
  };
  const pixels = new Uint8Array(count * imageBytes);
  const labels = new Uint8Array(count);
  const coarseLabels = new Uint8Array(coarseClasses === undefined ? 0 : count);
  for (let i = 0, to = 0; i < count; i++) {
    let at = i * recordBytes;
    if (coarseClasses !== undefined) coarseLabels[i] = labelAt(at++, 'coarse label', coarseClasses);
    labels[i] = labelAt(at++, 'label', classes);
    for (const end = at + planeBytes; at < end; at++) {
      pixels[to++] = bytes[at]!;
      pixels[to++] = bytes[at + planeBytes]!;
      pixels[to++] = bytes[at + 2 * planeBytes]!;
    }
  }
  return { pixels, labels, coarseLabels };
}

function concatenate(arrays: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    whole.set(array, at);
    at += array.length;
  }
  return whole;
}

/** The images of several files or pieces of one, one after the other. */
export function joinCifar(parts: readonly CifarImages[]): CifarImages {
  return {
    pixels: concatenate(parts.map(({ pixels }) => pixels)),
    labels: concatenate(parts.map(({ labels }) => labels)),
    coarseLabels: concatenate(parts.map(({ coarseLabels }) => coarseLabels)),
  };
}

/**
 * Decodes a file of the binary version of CIFAR-10 or CIFAR-100 that lies in memory: records of one label byte (CIFAR-100: coarse, then
 * fine) and 3,072 bytes, the planes red, green and blue of 32 × 32 pixels, row by row.
 *
 * @throws DataFormatError where it is empty, ends inside a record, is too large, or holds a label that is no class
 */
export function readCifar(bytes: Uint8Array, options: CifarOptions): CifarImages {
  refuseMore(bytes.length, options);
  refuseLess(bytes.length, options);
  return decodeRecords(bytes, 0, options);
}

/**
 * Decodes such a file on disk while it streams; reading stops at the first wrong label and at the first byte too many.
 *
 * @throws DataFormatError as {@link readCifar}; the file system's own error where the file cannot be read; the signal's reason
 */
export async function readCifarFile(path: string, options: CifarFileOptions): Promise<CifarFile> {
  const { signal, name = path } = options;
  const named = { ...options, name };
  const recordBytes = recordBytesOf(options);
  const hash = createHash('sha256');
  const pieces: CifarImages[] = [];
  let received = 0;
  let rest: Uint8Array = new Uint8Array(0);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, ...(signal ? { signal } : {}) })) {
      const first = (received - rest.length) / recordBytes;
      hash.update(chunk as Uint8Array);
      received += (chunk as Uint8Array).length;
      refuseMore(received, named);
      const waiting = concatenate([rest, chunk as Uint8Array]);
      const end = waiting.length - (waiting.length % recordBytes);
      pieces.push(decodeRecords(waiting.subarray(0, end), first, named));
      rest = waiting.subarray(end);
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
  refuseLess(received, named);
  return { ...joinCifar(pieces), sha256: hash.digest('hex') };
}
