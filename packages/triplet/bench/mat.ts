import { inflateSync } from 'node:zlib';
import { DataFormatError } from '@tensor-papers/datasets';

/** The value of a field: a text, or the numbers of an array. */
export type MatValue = string | readonly number[];

/** One entry of a struct array, by field. */
export type MatRecord = Readonly<Record<string, MatValue>>;

const MATRIX = 14;
const COMPRESSED = 15;
/** Classes of arrays. */
const [STRUCT, CHARACTERS] = [2, 4];

/** How numbers are stored: bytes each, and how one is read. */
const numberTypes: Readonly<Record<number, readonly [size: number, read: (data: Buffer, at: number) => number]>> = {
  1: [1, (data, at) => data.readInt8(at)],
  2: [1, (data, at) => data.readUInt8(at)],
  3: [2, (data, at) => data.readInt16LE(at)],
  4: [2, (data, at) => data.readUInt16LE(at)],
  5: [4, (data, at) => data.readInt32LE(at)],
  6: [4, (data, at) => data.readUInt32LE(at)],
  7: [4, (data, at) => data.readFloatLE(at)],
  9: [8, (data, at) => data.readDoubleLE(at)],
};

/**
 * The entries of a struct array in a MAT file of version 5.
 *
 * @throws DataFormatError where it is none, is cut off, or has no such struct
 */
export function readMatStruct(bytes: Buffer, name: string, file: string): MatRecord[] {
  if (bytes.length < 128 || bytes.toString('latin1', 126, 128) !== 'IM') {
    throw new DataFormatError('data/wrong-magic', `${file}: expected a little-endian MAT file of version 5`);
  }
  for (const { type, data } of elements(bytes.subarray(128), file)) {
    const inner = type === COMPRESSED ? [...elements(inflate(data, file), file)][0] : { type, data };
    if (inner?.type !== MATRIX) continue;
    const records = structNamed(inner.data, name, file);
    if (records) return records;
  }
  throw new DataFormatError('data/unsupported-type', `${file}: expected a struct '${name}', got none`);
}

function inflate(bytes: Buffer, file: string): Buffer {
  try {
    return inflateSync(bytes);
  } catch (error) {
    throw new DataFormatError('data/corrupt-gzip', `${file}: cannot decompress it: ${(error as Error).message}`);
  }
}

interface Element {
  readonly type: number;
  readonly data: Buffer;
}

/** The elements that follow each other in some bytes. */
function* elements(bytes: Buffer, file: string): Generator<Element> {
  for (let at = 0; at < bytes.length; ) {
    const cutOff = () => new DataFormatError('data/truncated', `${file}: it is cut off; copy the file again`);
    if (at + 8 > bytes.length) throw cutOff();
    const first = bytes.readUInt32LE(at);
    // Up to four bytes stand beside type and length in one word.
    const isSmall = first >>> 16 > 0;
    const type = isSmall ? first & 0xffff : first;
    const length = isSmall ? first >>> 16 : bytes.readUInt32LE(at + 4);
    const start = at + (isSmall ? 4 : 8);
    if (start + length > bytes.length) throw cutOff();
    yield { type, data: bytes.subarray(start, start + length) };
    const end = start + length;
    at = isSmall ? at + 8 : type === COMPRESSED ? end : end + ((8 - (length % 8)) % 8);
  }
}

/** What the head of an array says, and the elements behind it. */
function arrayParts(bytes: Buffer, file: string) {
  const [flags, shape, name, ...rest] = [...elements(bytes, file)];
  if (!flags || !shape || !name || flags.data.length < 4) {
    throw new DataFormatError('data/truncated', `${file}: an array without a head; copy the file again`);
  }
  const sizes = Array.from({ length: shape.data.length / 4 }, (_, i) => shape.data.readInt32LE(4 * i));
  const count = sizes.reduce((product, size) => product * size, 1);
  return { arrayClass: flags.data.readUInt8(0), count, name: name.data.toString('latin1'), rest };
}

function structNamed(bytes: Buffer, wanted: string, file: string): MatRecord[] | undefined {
  const { arrayClass, count, name, rest } = arrayParts(bytes, file);
  if (arrayClass !== STRUCT || name !== wanted) return undefined;
  const [nameLength, names, ...values] = rest;
  const width = nameLength?.data.readInt32LE(0) ?? 0;
  const fields = Array.from({ length: (names?.data.length ?? 0) / width }, (_, i) =>
    names!.data.toString('latin1', i * width, (i + 1) * width).replace(/\0.*$/s, ''),
  );
  if (values.length !== count * fields.length) {
    throw new DataFormatError(
      'data/truncated',
      `${file}: ${wanted}: expected ${count} × ${fields.length} values, got ${values.length}; copy the file again`,
    );
  }
  return Array.from({ length: count }, (_, i) =>
    Object.fromEntries(fields.map((field, f) => [field, fieldValue(values[i * fields.length + f]!, file)])),
  );
}

function fieldValue({ type, data }: Element, file: string): MatValue {
  if (type !== MATRIX)
    throw new DataFormatError('data/unsupported-type', `${file}: expected an array, got type ${type}`);
  if (data.length === 0) return [];
  const { arrayClass, rest } = arrayParts(data, file);
  const numbers = rest[0] ? readNumbers(rest[0], file) : [];
  return arrayClass === CHARACTERS ? String.fromCharCode(...numbers) : numbers;
}

function readNumbers({ type, data }: Element, file: string): number[] {
  // Text in UTF-8: the names here are ASCII.
  const [size, read] = numberTypes[type === 16 ? 2 : type] ?? [];
  if (!size || !read) throw new DataFormatError('data/unsupported-type', `${file}: expected numbers, got type ${type}`);
  return Array.from({ length: Math.floor(data.length / size) }, (_, i) => read(data, i * size));
}
