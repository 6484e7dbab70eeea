import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { DataFormatError, DataUnavailableError, imageSet } from '@tensor-papers/datasets';
import type { DataSet } from '@tensor-papers/numerics/data-set';

const [side, channels] = [32, 3];

/** What the numbers before an element of a MAT file of version 5 mean. */
const types = { uint8: 2, double: 9, matrix: 14, compressed: 15 } as const;

interface Element {
  readonly type: number;
  readonly data: Buffer;
  /** Where the next one begins. */
  readonly next: number;
}

/**
 * The cropped digits of SVHN from the user's own copy: `$TENSOR_PAPERS_DATA/svhn/{train,test}_32x32.mat`, as they are published.
 *
 * @throws DataUnavailableError where they are not; DataFormatError for another file
 */
export async function svhn({ split }: { readonly split: 'train' | 'test' }): Promise<DataSet> {
  const root = process.env.TENSOR_PAPERS_DATA;
  const file = `${split}_32x32.mat`;
  let bytes: Buffer;
  try {
    if (root === undefined) throw new Error('TENSOR_PAPERS_DATA is not set');
    bytes = await readFile(join(root, 'svhn', file));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataUnavailableError(`svhn: expected your copy of ${file} in $TENSOR_PAPERS_DATA/svhn: ${reason}`, []);
  }
  const arrays = readArrays(bytes, file);
  const [x, y] = [arrays.get('X'), arrays.get('y')];
  const count = y?.values.length ?? 0;
  if (x === undefined || y === undefined || count === 0 || x.shape.join() !== [side, side, channels, count].join()) {
    const found = [...arrays].map(([name, { shape }]) => `${name} [${shape.join(', ')}]`).join(', ');
    throw new DataFormatError(
      'data/unsupported-type',
      `${file}: expected X [32, 32, 3, N] and y [N, 1], got ${found || 'no array'}; copy the file again`,
    );
  }
  const size = side * side * channels;
  const pixels = new Uint8Array(count * size);
  for (let i = 0; i < count; i++) {
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        for (let channel = 0; channel < channels; channel++) {
          // MATLAB stores the first index next to each other: row, column, channel, image.
          const from = row + side * (column + side * (channel + channels * i));
          pixels[i * size + (row * side + column) * channels + channel] = x.values[from]!;
        }
      }
    }
  }
  return imageSet({
    pixels,
    // The digit 0 has the label 10.
    labels: Array.from(y.values, (label) => label % 10),
    shape: [side, side, channels],
    classNames: Array.from({ length: 10 }, (_, digit) => String(digit)),
    source: {
      id: 'svhn',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      licence: 'for non-commercial use only',
      citation:
        'Netzer et al., Reading Digits in Natural Images with Unsupervised Feature Learning. NIPS Workshop, 2011',
    },
  });
}

interface NumericArray {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** The numeric arrays of a MAT file of version 5, by name. */
function readArrays(bytes: Buffer, file: string): Map<string, NumericArray> {
  if (bytes.length < 128 || bytes.toString('latin1', 126, 128) !== 'IM') {
    throw new DataFormatError('data/wrong-magic', `${file}: expected a little-endian MAT file of version 5`);
  }
  const arrays = new Map<string, NumericArray>();
  for (let at = 128; at < bytes.length; ) {
    let element = readElement(bytes, at, file);
    at = element.next;
    if (element.type === types.compressed) element = readElement(inflate(element.data, file), 0, file);
    if (element.type !== types.matrix) continue;
    const [name, array] = readMatrix(element.data, file);
    arrays.set(name, array);
  }
  return arrays;
}

function inflate(bytes: Buffer, file: string): Buffer {
  try {
    return inflateSync(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataFormatError('data/corrupt-gzip', `${file}: cannot decompress it: ${reason}; copy the file again`);
  }
}

function readElement(bytes: Buffer, at: number, file: string): Element {
  const room = bytes.length - at;
  const first = room < 8 ? 0 : bytes.readUInt32LE(at);
  // Up to four bytes stand beside type and length in one word.
  const isSmall = first >>> 16 > 0;
  const type = isSmall ? first & 0xffff : first;
  const length = room < 8 ? 0 : isSmall ? first >>> 16 : bytes.readUInt32LE(at + 4);
  const start = at + (isSmall ? 4 : 8);
  if (start + length > bytes.length) {
    throw new DataFormatError('data/truncated', `${file}: it is cut off; copy the file again`);
  }
  const end = isSmall ? at + 8 : start + length;
  const next = type === types.compressed ? end : at + 8 * Math.ceil((end - at) / 8);
  return { type, data: bytes.subarray(start, start + length), next };
}

function readMatrix(bytes: Buffer, file: string): [string, NumericArray] {
  const flags = readElement(bytes, 0, file);
  const shape = readElement(bytes, flags.next, file);
  const name = readElement(bytes, shape.next, file);
  const real = readElement(bytes, name.next, file);
  const sizes = Array.from({ length: shape.data.length / 4 }, (_, i) => shape.data.readInt32LE(4 * i));
  return [name.data.toString('latin1'), { shape: sizes, values: readNumbers(real, file) }];
}

function readNumbers({ type, data }: Element, file: string): ArrayLike<number> {
  if (type === types.uint8) return data;
  if (type === types.double) return Float64Array.from({ length: data.length / 8 }, (_, i) => data.readDoubleLE(8 * i));
  throw new DataFormatError('data/unsupported-type', `${file}: expected bytes or doubles, got values of type ${type}`);
}
