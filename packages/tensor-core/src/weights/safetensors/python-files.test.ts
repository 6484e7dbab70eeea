import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decodeSafetensors } from './decode.js';
import { encodeSafetensors } from './encode.js';

const folder = join(__dirname, '../../../fixtures/weights');
const read = (name: string) => new Uint8Array(readFileSync(join(folder, `${name}.safetensors`)));

// Files that the Python package wrote.
describe.each(['dtypes', 'resnet18-8', 'resnet18-4-imagenet', 'resnet50-2', 'wrn-16-1', 'wrn-16-1.logits'])(
  '%s',
  (name) => {
    it('is written again to the bit', () => {
      const file = read(name);
      const { tensors, metadata } = decodeSafetensors(file);
      expect(Buffer.compare(encodeSafetensors(tensors, metadata), file)).toBe(0);
    });
  },
);

describe('values that PyTorch wrote', () => {
  const { tensors } = decodeSafetensors(read('dtypes'));
  /** The bytes of the file: 5, 42, 79, … */
  const bytes = (count: number) => Uint8Array.from({ length: count }, (_, i) => i * 37 + 5);

  it.each([
    ['float64', 'F64', (view: DataView, i: number) => view.getFloat64(8 * i, true)],
    ['float32', 'F32', (view: DataView, i: number) => view.getFloat32(4 * i, true)],
    ['bfloat16', 'BF16', (view: DataView, i: number) => bfloat16(view.getUint16(2 * i, true))],
    ['int64', 'I64', (view: DataView, i: number) => view.getBigInt64(8 * i, true)],
    ['uint64', 'U64', (view: DataView, i: number) => view.getBigUint64(8 * i, true)],
    ['int32', 'I32', (view: DataView, i: number) => view.getInt32(4 * i, true)],
    ['uint32', 'U32', (view: DataView, i: number) => view.getUint32(4 * i, true)],
    ['int16', 'I16', (view: DataView, i: number) => view.getInt16(2 * i, true)],
    ['uint16', 'U16', (view: DataView, i: number) => view.getUint16(2 * i, true)],
    ['int8', 'I8', (view: DataView, i: number) => view.getInt8(i)],
    ['uint8', 'U8', (view: DataView, i: number) => view.getUint8(i)],
  ] as const)('%s', (name, dtype, valueAt) => {
    const tensor = tensors.get(name)!;
    expect({ dtype: tensor.dtype, shape: tensor.shape }).toEqual({ dtype, shape: [2, 3] });
    const view = new DataView(bytes(64).buffer);
    expect(Array.from(tensor.data as Float64Array)).toEqual(Array.from({ length: 6 }, (_, i) => valueAt(view, i)));
  });

  it('bool, empty and scalar', () => {
    expect(tensors.get('bool')).toEqual({ dtype: 'BOOL', shape: [2, 3], data: Uint8Array.of(1, 0, 1, 0, 0, 1) });
    expect(tensors.get('empty')).toEqual({ dtype: 'F32', shape: [0, 3], data: new Float32Array(0) });
    expect(tensors.get('scalar')).toEqual({ dtype: 'F32', shape: [], data: Float32Array.of(1.5) });
  });

  it('dtypes without a number here come as bytes', () => {
    expect(tensors.get('complex64')!.data).toEqual(bytes(48));
    for (const dtype of ['F8_E4M3', 'F8_E5M2', 'F8_E4M3FNUZ', 'F8_E5M2FNUZ', 'F8_E8M0'] as const) {
      const found = [...tensors.values()].filter((tensor) => tensor.dtype === dtype);
      expect(found.map(({ data }) => data)).toEqual([bytes(6)]);
    }
  });
});

function bfloat16(bits: number): number {
  return new Float32Array(Uint32Array.of(bits << 16).buffer)[0]!;
}
