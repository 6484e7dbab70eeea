import { DtypeConversionError } from './errors.js';
import type { StoredTensor } from './safetensors/decode.js';
import type { SafetensorsDtype } from './safetensors/dtype.js';

/** Dtypes of TensorFlow.js that weights have. */
export type WeightDtype = 'float32' | 'int32' | 'bool';

const sources: Readonly<Record<WeightDtype, readonly SafetensorsDtype[]>> = {
  float32: ['F32', 'F64', 'F16', 'BF16'],
  int32: ['I32', 'I64', 'U64', 'U32', 'I16', 'U16', 'I8', 'U8'],
  bool: ['BOOL'],
};

/** The dtype under which a file holds a weight. */
export const storedDtype = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const satisfies Record<
  WeightDtype,
  SafetensorsDtype
>;

function toInt32(name: string, data: StoredTensor['data']): Int32Array {
  const values = new Int32Array(data.length);
  for (let i = 0; i < values.length; i++) {
    const value = Number(data[i]);
    if (value < -(2 ** 31) || value >= 2 ** 31) {
      throw new DtypeConversionError(
        `tensor ${JSON.stringify(name)}: expected values that fit into int32, got ${data[i]} at position ${i}`,
      );
    }
    values[i] = value;
  }
  return values;
}

/**
 * Values of a tensor as TensorFlow.js takes them, in a copy that nothing else refers to.
 *
 * float32 comes from any float (F64 is rounded), int32 from any integer that fits, bool from BOOL.
 *
 * @throws DtypeConversionError for another dtype, or integers outside int32
 */
export function numericData(
  name: string,
  { dtype, data }: StoredTensor,
  wanted: WeightDtype,
): Float32Array | Int32Array | Uint8Array {
  if (!sources[wanted].includes(dtype)) {
    throw new DtypeConversionError(
      `tensor ${JSON.stringify(name)}: expected ${sources[wanted].join(', ')} for a ${wanted} weight, got ${dtype}; convert it first`,
    );
  }
  if (wanted === 'int32') return toInt32(name, data);
  return wanted === 'bool' ? Uint8Array.from(data as Uint8Array) : Float32Array.from(data as Float32Array);
}
