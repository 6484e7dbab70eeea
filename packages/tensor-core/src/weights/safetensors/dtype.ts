/** Values of a tensor, row by row. */
export type TensorData =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

type TensorDataConstructor = { readonly BYTES_PER_ELEMENT: number; readonly name: string } & (new (
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number,
) => TensorData);

interface DtypeLayout {
  readonly bits: number;
  /** What its values are held in; `raw`: the bytes as they are stored, because JavaScript has no such number. */
  readonly array: TensorDataConstructor;
  readonly kind: 'direct' | 'half' | 'boolean' | 'raw';
}

const direct = (array: TensorDataConstructor): DtypeLayout => ({
  bits: 8 * array.BYTES_PER_ELEMENT,
  array,
  kind: 'direct',
});
const half: DtypeLayout = { bits: 16, array: Float32Array, kind: 'half' };
const raw = (bits: number): DtypeLayout => ({ bits, array: Uint8Array, kind: 'raw' });

/** The dtypes of the format. Files hold tensors in the reverse of this order: the widest first, so that all lie aligned. */
export const dtypeLayouts = {
  BOOL: { bits: 8, array: Uint8Array, kind: 'boolean' },
  F4: raw(4),
  F6_E2M3: raw(6),
  F6_E3M2: raw(6),
  U8: direct(Uint8Array),
  I8: direct(Int8Array),
  F8_E5M2: raw(8),
  F8_E4M3: raw(8),
  F8_E8M0: raw(8),
  F8_E4M3FNUZ: raw(8),
  F8_E5M2FNUZ: raw(8),
  I16: direct(Int16Array),
  U16: direct(Uint16Array),
  F16: half,
  BF16: half,
  I32: direct(Int32Array),
  U32: direct(Uint32Array),
  F32: direct(Float32Array),
  C64: raw(64),
  F64: direct(Float64Array),
  I64: direct(BigInt64Array),
  U64: direct(BigUint64Array),
} as const satisfies Readonly<Record<string, DtypeLayout>>;

/** A dtype of the safetensors format. */
export type SafetensorsDtype = keyof typeof dtypeLayouts;

/** All dtypes, in the order of {@link dtypeLayouts}. */
export const dtypeNames = Object.keys(dtypeLayouts) as SafetensorsDtype[];

/** Whether the value names a dtype of the format. */
export function isDtype(value: unknown): value is SafetensorsDtype {
  return typeof value === 'string' && Object.hasOwn(dtypeLayouts, value);
}

/** How a dtype is stored and held. */
export const layoutOf = (dtype: SafetensorsDtype): DtypeLayout => dtypeLayouts[dtype];

/** Whether the value is a whole number from 0 that is exact. */
export const isSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);

/** Number of values of a shape; NaN for a shape that has none: negative, fractional or too large sizes. */
export function elementCount(shape: readonly unknown[]): number {
  let count = 1;
  for (const size of shape) {
    if (!isSize(size)) return Number.NaN;
    count *= size;
    if (!Number.isSafeInteger(count)) return Number.NaN;
  }
  return count;
}

/** Bytes of that many values; a fraction where sub-byte values do not fill the last byte. */
export const byteCount = (dtype: SafetensorsDtype, elements: number): number => (elements * layoutOf(dtype).bits) / 8;
