import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type SafetensorsFormatCode, SafetensorsFormatError, TensorDataError } from '../errors.js';
import { decodeSafetensors, type StoredTensor } from './decode.js';
import { byteCount, dtypeNames, layoutOf, type SafetensorsDtype, type TensorData } from './dtype.js';
import { encodeSafetensors, type NamedTensor } from './encode.js';
import { headerLength, parseHeader } from './parse-header.js';

/** A file with any header, well-formed or not. */
function fileOf(header: string | Uint8Array, data: ArrayLike<number> = [], length?: bigint): Uint8Array {
  const bytes = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const file = new Uint8Array(8 + bytes.length + data.length);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(bytes.length), true);
  file.set(bytes, 8);
  file.set(Array.from(data), 8 + bytes.length);
  return file;
}

const bytesOf = (length: number) => Array.from({ length }, (_, i) => (i * 37 + 1) % 256);
const entry = (dtype: unknown, shape: unknown, offsets: unknown) => ({ dtype, shape, data_offsets: offsets });
const json = (header: object) => JSON.stringify(header);
const f32: StoredTensor = { dtype: 'F32', shape: [2], data: Float32Array.of(1.5, -2) };

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

const values: { [dtype in SafetensorsDtype]?: TensorData } = {
  F64: Float64Array.of(Math.PI, Number.NaN, -0, 1e300, Number.NEGATIVE_INFINITY, 5e-324),
  F32: Float32Array.of(1.5, Number.NaN, -0, 3e38, Number.NEGATIVE_INFINITY, 1e-45),
  F16: Float32Array.of(1.5, Number.NaN, -0, 65504, Number.NEGATIVE_INFINITY, 2 ** -24),
  BF16: Float32Array.of(1.5, Number.NaN, -0, 2 ** 127, Number.NEGATIVE_INFINITY, 2 ** -133),
  I64: BigInt64Array.of(1n, -1n, 0n, 2n ** 63n - 1n, -(2n ** 63n), 7n),
  U64: BigUint64Array.of(1n, 2n, 0n, 2n ** 64n - 1n, 2n ** 63n, 7n),
  I32: Int32Array.of(1, -1, 0, 2 ** 31 - 1, -(2 ** 31), 7),
  U32: Uint32Array.of(1, 2, 0, 2 ** 32 - 1, 2 ** 31, 7),
  I16: Int16Array.of(1, -1, 0, 32767, -32768, 7),
  U16: Uint16Array.of(1, 2, 0, 65535, 32768, 7),
  I8: Int8Array.of(1, -1, 0, 127, -128, 7),
  U8: Uint8Array.of(1, 2, 0, 255, 128, 7),
  BOOL: Uint8Array.of(1, 0, 0, 1, 1, 0),
};

/** Every dtype once, those without numbers as bytes. */
const everyDtype: NamedTensor[] = dtypeNames.map((dtype) => {
  const shape = [2, 4];
  const known = values[dtype];
  if (known) return [`t.${dtype}`, { dtype, shape: [2, 3], data: known }];
  return [`t.${dtype}`, { dtype, shape, data: Uint8Array.from(bytesOf(byteCount(dtype, 8))) }];
});

describe('decodeSafetensors', () => {
  it('reads a file by the letter of the format', () => {
    const header = json({
      b: entry('I16', [2], [4, 8]),
      a: entry('F32', [], [0, 4]),
      empty: entry('F64', [0, 3], [8, 8]),
      __metadata__: { format: 'pt' },
    });
    const { tensors, metadata } = decodeSafetensors(fileOf(`${header}   `, [0, 0, 0xc0, 0x3f, 1, 0, 0xff, 0xff]));
    expect(metadata).toEqual({ format: 'pt' });
    expect([...tensors.keys()]).toEqual(['a', 'b', 'empty']);
    expect(tensors.get('a')).toEqual({ dtype: 'F32', shape: [], data: Float32Array.of(1.5) });
    expect(tensors.get('b')).toEqual({ dtype: 'I16', shape: [2], data: Int16Array.of(1, -1) });
    expect(tensors.get('empty')).toEqual({ dtype: 'F64', shape: [0, 3], data: new Float64Array(0) });
  });

  it('reads a file without tensors', () => {
    expect(decodeSafetensors(fileOf('{}'))).toEqual({ tensors: new Map(), metadata: {} });
  });

  it('gives back what was written, for every dtype', () => {
    const { tensors } = decodeSafetensors(encodeSafetensors(everyDtype));
    expect(tensors.size).toBe(22);
    for (const [name, tensor] of everyDtype) {
      expect({ ...tensors.get(name)! }).toEqual(tensor);
      expect(tensors.get(name)!.data.constructor).toBe(tensor.data.constructor);
    }
  });

  it('gives back any tensors', () => {
    const tensor = fc
      .record({
        dtype: fc.constantFrom(...dtypeNames),
        shape: fc.array(fc.nat(4), { maxLength: 4 }),
        seed: fc.nat(255),
      })
      .filter(({ dtype, shape }) =>
        Number.isInteger(
          byteCount(
            dtype,
            shape.reduce((a, b) => a * b, 1),
          ),
        ),
      )
      .map(({ dtype, shape, seed }): StoredTensor => {
        const { array, kind } = layoutOf(dtype);
        const elements = shape.reduce((a, b) => a * b, 1);
        const length = kind === 'raw' ? byteCount(dtype, elements) : elements;
        const data = new array(new ArrayBuffer(length * array.BYTES_PER_ELEMENT), 0, length);
        const big = data instanceof BigInt64Array || data instanceof BigUint64Array;
        for (let i = 0; i < length; i++) {
          const value = kind === 'boolean' ? (i + seed) % 2 : (i * 7 + seed) % 120;
          if (big) data[i] = BigInt(value);
          else (data as Float32Array)[i] = value;
        }
        return { dtype, shape, data };
      });
    const name = fc.string({ unit: 'grapheme' }).filter((text) => text !== '__metadata__' && text !== '__proto__');
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, tensor), { selector: ([text]) => text, maxLength: 8 }),
        fc.dictionary(name, fc.string({ unit: 'grapheme' })),
        (named, metadata) => {
          const file = encodeSafetensors(named, metadata);
          const contents = decodeSafetensors(file);
          expect(contents.metadata).toEqual(metadata);
          expect(new Map([...contents.tensors].map(([key, value]) => [key, { ...value }]))).toEqual(new Map(named));
          expect(encodeSafetensors([...contents.tensors].reverse(), metadata)).toEqual(file);
        },
      ),
    );
  });

  it('copies nothing that is aligned, and only what is not', () => {
    const file = encodeSafetensors([['a', f32]]);
    const view = decodeSafetensors(file).tensors.get('a')!;
    expect(view.data.buffer).toBe(file.buffer);
    expect(view.data).toBe(view.data);
    for (const make of [(bytes: number) => new Uint8Array(bytes), (bytes: number) => Buffer.alloc(bytes)]) {
      const shifted = make(file.length + 1).subarray(1);
      shifted.set(file);
      const copy = decodeSafetensors(shifted).tensors.get('a')!;
      expect(copy.data).toEqual(f32.data);
      expect(copy.data.buffer).not.toBe(shifted.buffer);
    }
    expect(decodeSafetensors(file.buffer as ArrayBuffer).tensors.get('a')!.data).toEqual(f32.data);
  });

  const cases: [string, SafetensorsFormatCode, Uint8Array][] = [
    ['an empty file', 'weights/truncated', new Uint8Array(0)],
    ['seven bytes', 'weights/truncated', new Uint8Array(7)],
    ['a header longer than the file', 'weights/truncated', fileOf('{}', [], 3n)],
    ['a header longer than the limit', 'weights/header-too-long', fileOf('{}', [], 100_000_001n)],
    ['a header of 2^64 − 1 bytes', 'weights/header-too-long', fileOf('{}', [], 2n ** 64n - 1n)],
    ['a header of 0 bytes', 'weights/header-not-json', fileOf('')],
    ['no JSON', 'weights/header-not-json', fileOf('{"a":')],
    ['no UTF-8', 'weights/header-not-json', fileOf(Uint8Array.of(0x7b, 0xff, 0x7d))],
    ['a byte-order mark', 'weights/header-not-json', fileOf('\ufeff{}')],
    ['an array', 'weights/header-not-object', fileOf('[]')],
    ['null', 'weights/header-not-object', fileOf('null')],
    ['a space before the object', 'weights/header-not-object', fileOf(' {}')],
    [
      'a name twice',
      'weights/duplicate-name',
      fileOf(`{"a":${json(entry('U8', [1], [0, 1]))},"a":${json(entry('U8', [1], [0, 1]))}}`, [7]),
    ],
    ['a name twice, once escaped', 'weights/duplicate-name', fileOf(`{"a\\"{":1 , "\\u0061\\"{" : 2}`)],
    [
      'a key of an entry twice',
      'weights/duplicate-name',
      fileOf('{"a":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}}', [7]),
    ],
    ['__proto__ as a name', 'weights/forbidden-name', fileOf(`{"__proto__":${json(entry('U8', [1], [0, 1]))}}`, [7])],
    ['__proto__ in the metadata', 'weights/forbidden-name', fileOf('{"__metadata__":{"__proto__":"x"}}')],
    ['metadata that are no object', 'weights/bad-entry', fileOf('{"__metadata__":["x"]}')],
    ['a number in the metadata', 'weights/bad-entry', fileOf('{"__metadata__":{"step":7}}')],
    ['an entry that is no object', 'weights/bad-entry', fileOf('{"a":[1]}')],
    ['an entry without a shape', 'weights/bad-entry', fileOf('{"a":{"dtype":"U8","data_offsets":[0,1]}}', [7])],
    ['an entry with more', 'weights/bad-entry', fileOf(json({ a: { ...entry('U8', [1], [0, 1]), x: 1 } }), [7])],
    ['an unknown dtype', 'weights/unknown-dtype', fileOf(json({ a: entry('F33', [1], [0, 1]) }), [7])],
    ['a dtype of Object.prototype', 'weights/unknown-dtype', fileOf(json({ a: entry('toString', [1], [0, 1]) }), [7])],
    ['a dtype that is no text', 'weights/unknown-dtype', fileOf(json({ a: entry(['U8'], [1], [0, 1]) }), [7])],
    ['a shape that is no list', 'weights/bad-shape', fileOf(json({ a: entry('U8', 1, [0, 1]) }), [7])],
    ['a negative size', 'weights/bad-shape', fileOf(json({ a: entry('U8', [-1, -1], [0, 1]) }), [7])],
    ['half a size', 'weights/bad-shape', fileOf(json({ a: entry('U8', [0.5, 2], [0, 1]) }), [7])],
    ['a size that is text', 'weights/bad-shape', fileOf(json({ a: entry('U8', ['1'], [0, 1]) }), [7])],
    ['a shape that overflows', 'weights/bad-shape', fileOf(json({ a: entry('U8', [2 ** 40, 2 ** 40], [0, 1]) }), [7])],
    [
      'a shape that overflows to 0',
      'weights/bad-shape',
      fileOf(json({ a: entry('U8', [2 ** 32, 2 ** 32, 0], [0, 0]) })),
    ],
    ['a shape whose bytes overflow', 'weights/bad-shape', fileOf(json({ a: entry('F64', [2 ** 51], [0, 1]) }), [7])],
    ['half a byte', 'weights/bad-shape', fileOf(json({ a: entry('F4', [3], [0, 1]) }), [7])],
    ['one offset', 'weights/bad-offsets', fileOf(json({ a: entry('U8', [1], [0]) }), [7])],
    ['offsets the wrong way round', 'weights/bad-offsets', fileOf(json({ a: entry('U8', [1], [1, 0]) }), [7])],
    ['negative offsets', 'weights/bad-offsets', fileOf(json({ a: entry('U8', [1], [-1, 0]) }), [7])],
    ['half an offset', 'weights/bad-offsets', fileOf(json({ a: entry('U8', [1], [0.5, 1.5]) }), [7, 7])],
    ['an end behind the file', 'weights/bad-offsets', fileOf(json({ a: entry('U8', [2], [0, 2]) }), [7])],
    [
      'a size that is not that of the shape',
      'weights/size-mismatch',
      fileOf(json({ a: entry('F32', [1], [0, 3]) }), [7, 7, 7]),
    ],
    [
      'overlapping tensors',
      'weights/bad-offsets',
      fileOf(json({ a: entry('U8', [2], [0, 2]), b: entry('U8', [2], [1, 3]) }), [7, 7, 7]),
    ],
    [
      'one place for two tensors',
      'weights/bad-offsets',
      fileOf(json({ a: entry('U8', [1], [0, 1]), b: entry('U8', [1], [0, 1]) }), [7]),
    ],
    ['a hole at the start', 'weights/bad-offsets', fileOf(json({ a: entry('U8', [1], [1, 2]) }), [7, 7])],
    [
      'a hole between tensors',
      'weights/bad-offsets',
      fileOf(json({ a: entry('U8', [1], [0, 1]), b: entry('U8', [1], [2, 3]) }), [7, 7, 7]),
    ],
    ['bytes behind the last tensor', 'weights/trailing-bytes', fileOf(json({ a: entry('U8', [1], [0, 1]) }), [7, 7])],
    ['bytes without tensors', 'weights/trailing-bytes', fileOf('{}', [7])],
    ['a header nested 200,000 deep', 'weights/bad-entry', fileOf(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`)],
    [
      'a shape nested 200,000 deep',
      'weights/bad-shape',
      fileOf(`{"a":{"dtype":"U8","data_offsets":[0,0],"shape":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`),
    ],
  ];

  it.each(cases)('refuses %s: %s', (_what, code, file) => {
    const error = thrownBy(() => decodeSafetensors(file)) as SafetensorsFormatError;
    expect(error).toBeInstanceOf(SafetensorsFormatError);
    expect(error.code).toBe(code);
    expect(error.message.length).toBeLessThan(600);
  });

  it('refuses BOOL values other than 0 and 1 when they are read', () => {
    const { tensors } = decodeSafetensors(fileOf(json({ a: entry('BOOL', [2], [0, 2]) }), [1, 2]));
    expect(thrownBy(() => tensors.get('a')!.data)).toMatchObject({ code: 'weights/bad-boolean' });
  });

  it('takes names of Object.prototype and strings with braces', () => {
    const named: NamedTensor[] = ['constructor', 'toString', 'a"{\\', '', '}'].map((name) => [name, f32]);
    expect([...decodeSafetensors(encodeSafetensors(named)).tensors.keys()].sort()).toEqual(
      named.map(([name]) => name).sort(),
    );
  });

  it('reads the header of a file of terabytes', () => {
    const size = 2 ** 42;
    const header = json({
      a: entry('F32', [2 ** 20, 2 ** 20], [0, size]),
      b: entry('F64', [2 ** 39], [size, 2 * size]),
    });
    const { tensors } = parseHeader(new TextEncoder().encode(header), 2 * size);
    expect(tensors.get('b')!.dataOffsets).toEqual([size, 2 * size]);
  });

  it('keeps to a lower limit for the header', () => {
    const file = encodeSafetensors([['a', f32]]);
    const { length } = new TextDecoder().decode(file.subarray(8)).split('}}')[0]!;
    expect(() => decodeSafetensors(file, { maxHeaderBytes: length })).toThrow(/at most \d+ bytes/);
    expect(decodeSafetensors(file, { maxHeaderBytes: headerLength(file, file.length) }).tensors.size).toBe(1);
  });
});

describe('encodeSafetensors', () => {
  it('lays the file out as the format demands', () => {
    const file = encodeSafetensors([['a', f32]], { format: 'pt' });
    const header = '{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const length = Math.ceil(header.length / 8) * 8;
    expect(Number(new DataView(file.buffer).getBigUint64(0, true))).toBe(length);
    expect(new TextDecoder().decode(file.subarray(8, 8 + length))).toBe(header.padEnd(length, ' '));
    expect(Array.from(file.subarray(8 + length))).toEqual([0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0]);
  });

  it('writes the same bytes in whatever order tensors and metadata come', () => {
    const metadata = { b: '2', a: '1' };
    const file = encodeSafetensors(everyDtype, metadata);
    expect(encodeSafetensors([...everyDtype].reverse(), { a: '1', b: '2' })).toEqual(file);
  });

  it.each<[string, Iterable<unknown>]>([
    [
      'a name twice',
      [
        ['a', f32],
        ['a', f32],
      ],
    ],
    ['a reserved name', [['__metadata__', f32]]],
    ['__proto__', [['__proto__', f32]]],
    ['half a surrogate pair', [['\ud800', f32]]],
    ['an unknown dtype', [['a', { ...f32, dtype: 'float32' }]]],
    ['data of another type', [['a', { ...f32, data: Float64Array.of(1, 2) }]]],
    ['a plain list', [['a', { ...f32, data: [1, 2] }]]],
    ['too little data', [['a', { ...f32, shape: [3] }]]],
    ['a negative size', [['a', { ...f32, shape: [-2] }]]],
    ['no shape', [['a', { ...f32, shape: undefined }]]],
    ['F16 given as bits', [['a', { dtype: 'F16', shape: [1], data: Uint16Array.of(1) }]]],
    ['BOOL values of 2', [['a', { dtype: 'BOOL', shape: [1], data: Uint8Array.of(2) }]]],
  ])('refuses %s', (_what, tensors) => {
    expect(() => encodeSafetensors(tensors as NamedTensor[])).toThrow(TensorDataError);
  });

  it('refuses metadata that are no texts', () => {
    expect(() => encodeSafetensors([], { step: 7 as unknown as string })).toThrow(TensorDataError);
  });
});
