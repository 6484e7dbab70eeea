import { describeValue } from '../describe-value.js';
import { SafetensorsFormatError } from '../errors.js';
import { unsafeKey } from '../unsafe-key.js';
import { byteCount, dtypeNames, elementCount, isDtype, isSize, type SafetensorsDtype } from './dtype.js';

/** What a header says about a tensor. */
export interface TensorInfo {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** Where its bytes begin and end, counted from the end of the header. */
  readonly dataOffsets: readonly [begin: number, end: number];
}

/** A checked header. */
export interface SafetensorsHeader {
  /** By name, in the order of the bytes. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Length of a header may be at most this, by the format. */
export const maximumHeaderBytes = 100_000_000;

/** Bytes of the number that a file begins with: the length of the header. */
export const prefixBytes = 8;

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Length of the header, from the first 8 bytes. @throws SafetensorsFormatError */
export function headerLength(prefix: Uint8Array, fileSize: number, maximum: number = maximumHeaderBytes): number {
  if (fileSize < prefixBytes || prefix.length < prefixBytes) {
    throw new SafetensorsFormatError(
      'weights/truncated',
      `expected at least ${prefixBytes} bytes, got ${fileSize}; this is no safetensors file, or its copy was cut short`,
    );
  }
  const length = new DataView(prefix.buffer, prefix.byteOffset, prefixBytes).getBigUint64(0, true);
  if (length > BigInt(maximum)) {
    throw new SafetensorsFormatError(
      'weights/header-too-long',
      `expected a header of at most ${maximum} bytes, got ${length}; this is probably no safetensors file`,
    );
  }
  if (length > BigInt(fileSize - prefixBytes)) {
    throw new SafetensorsFormatError(
      'weights/truncated',
      `the header says that it is ${length} bytes long, but only ${fileSize - prefixBytes} follow; get the whole file again`,
    );
  }
  return Number(length);
}

function parseJson(bytes: Uint8Array): JsonObject {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (error) {
    throw new SafetensorsFormatError(
      'weights/header-not-json',
      `expected a header of JSON in UTF-8 (${(error as Error).message}); this is no safetensors file, or it is damaged`,
      { cause: error },
    );
  }
  if (!isObject(value) || text[0] !== '{') {
    throw new SafetensorsFormatError(
      'weights/header-not-object',
      `expected the header to be a JSON object from its first byte on, got ${describeValue(value)}`,
    );
  }
  const unsafe = unsafeKey(text);
  if (unsafe !== undefined) {
    throw new SafetensorsFormatError(
      unsafe.key === '__proto__' ? 'weights/forbidden-name' : 'weights/duplicate-name',
      `the header may not have the key ${describeValue(unsafe.key)}: ${unsafe.because}; write the file again`,
    );
  }
  return value;
}

function parseMetadata(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) {
    throw new SafetensorsFormatError(
      'weights/bad-entry',
      `__metadata__: expected an object of texts, got ${describeValue(value)}`,
    );
  }
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') {
      throw new SafetensorsFormatError(
        'weights/bad-entry',
        `__metadata__: expected a text for ${describeValue(key)}, got ${describeValue(text)}`,
      );
    }
  }
  return value as Record<string, string>;
}

function parseTensor(name: string, entry: unknown, dataSize: number): TensorInfo {
  const tensor = `tensor ${describeValue(name)}`;
  const keys = isObject(entry) ? Object.keys(entry).sort().join() : '';
  if (!isObject(entry) || keys !== 'data_offsets,dtype,shape') {
    throw new SafetensorsFormatError(
      'weights/bad-entry',
      `${tensor}: expected { dtype, shape, data_offsets }, got ${describeValue(entry)}`,
    );
  }
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isDtype(dtype)) {
    throw new SafetensorsFormatError(
      'weights/unknown-dtype',
      `${tensor}: expected a dtype of ${dtypeNames.join(', ')}, got ${describeValue(dtype)}`,
    );
  }
  const elements = Array.isArray(shape) ? elementCount(shape) : Number.NaN;
  const size = byteCount(dtype, elements);
  if (!Array.isArray(shape) || !Number.isSafeInteger(size)) {
    throw new SafetensorsFormatError(
      'weights/bad-shape',
      `${tensor}: expected a shape of whole sizes from 0 that fills whole bytes with ${dtype}, got ${describeValue(shape)}`,
    );
  }
  const [begin, end, ...more] = Array.isArray(offsets) ? (offsets as unknown[]) : [];
  if (!isSize(begin) || !isSize(end) || more.length > 0 || begin > end || end > dataSize) {
    throw new SafetensorsFormatError(
      'weights/bad-offsets',
      `${tensor}: expected data_offsets [begin, end] with 0 ≤ begin ≤ end ≤ ${dataSize}, got ${describeValue(offsets)}; ` +
        'where the end is too large, the copy of the file was cut short',
    );
  }
  if (end - begin !== size) {
    throw new SafetensorsFormatError(
      'weights/size-mismatch',
      `${tensor}: ${dtype} ${describeValue(shape)} takes ${size} bytes, but data_offsets has ${end - begin}`,
    );
  }
  return { dtype, shape: shape as number[], dataOffsets: [begin, end] };
}

/** Every byte of the data has to belong to exactly one tensor. */
function requireContiguous(tensors: readonly (readonly [string, TensorInfo])[], dataSize: number): void {
  let expected = 0;
  for (const [name, { dataOffsets }] of tensors) {
    const [begin, end] = dataOffsets;
    if (begin !== expected) {
      throw new SafetensorsFormatError(
        'weights/bad-offsets',
        `tensor ${describeValue(name)}: expected its bytes to begin at ${expected}, got ${begin}; ` +
          `${begin < expected ? 'tensors may not overlap' : 'no bytes may lie between tensors'}`,
      );
    }
    expected = end;
  }
  if (expected !== dataSize) {
    throw new SafetensorsFormatError(
      'weights/trailing-bytes',
      `the tensors end after ${expected} bytes of data, but the file has ${dataSize}`,
    );
  }
}

/**
 * Reads a header and checks all of it, before anything is allocated for data.
 *
 * @param dataSize bytes of the file behind the header
 * @throws SafetensorsFormatError
 */
export function parseHeader(bytes: Uint8Array, dataSize: number): SafetensorsHeader {
  const { __metadata__: metadata, ...entries } = parseJson(bytes);
  const tensors = Object.entries(entries).map(([name, entry]): [string, TensorInfo] => [
    name,
    parseTensor(name, entry, dataSize),
  ]);
  tensors.sort(([, { dataOffsets: a }], [, { dataOffsets: b }]) => a[0] - b[0] || a[1] - b[1]);
  requireContiguous(tensors, dataSize);
  return { tensors: new Map(tensors), metadata: metadata === undefined ? {} : parseMetadata(metadata) };
}
