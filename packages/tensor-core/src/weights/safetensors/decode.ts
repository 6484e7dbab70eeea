import { SafetensorsFormatError } from '../errors.js';
import { layoutOf, type SafetensorsDtype, type TensorData } from './dtype.js';
import { decodeHalf, type HalfDtype } from './half-precision.js';
import { headerLength, maximumHeaderBytes, parseHeader, prefixBytes, type TensorInfo } from './parse-header.js';

/** A tensor as safetensors files hold it. */
export interface StoredTensor {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /**
   * Its values, row by row: the typed array of the dtype, Float32Array for F16 and BF16, Uint8Array of 0 and 1 for BOOL, and the
   * bytes as they are stored for dtypes that JavaScript has no number for (C64, F8_…, F6_…, F4).
   */
  readonly data: TensorData;
}

/** The contents of a safetensors file. */
export interface SafetensorsContents {
  /** By name, in the order of the file. */
  readonly tensors: Map<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Limits of reading. */
export interface SafetensorsLimits {
  /** Longest header that is read, in bytes. Default: 100,000,000, the most that the format allows. */
  readonly maxHeaderBytes?: number;
}

/** Values of a tensor's stored bytes: a view of them where they are aligned, else a copy. */
export function decodeTensorData(name: string, dtype: SafetensorsDtype, bytes: Uint8Array): TensorData {
  const { array, kind } = layoutOf(dtype);
  const width = kind === 'half' ? 2 : array.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  const length = bytes.length / width;
  if (kind === 'half') {
    return decodeHalf(dtype as HalfDtype, new Uint16Array(aligned.buffer, aligned.byteOffset, length));
  }
  if (kind === 'boolean') {
    const wrong = bytes.findIndex((value) => value > 1);
    if (wrong >= 0) {
      throw new SafetensorsFormatError(
        'weights/bad-boolean',
        `tensor ${JSON.stringify(name)}: expected BOOL values of 0 or 1, got ${bytes[wrong]} at position ${wrong}`,
      );
    }
  }
  return new array(aligned.buffer, aligned.byteOffset, length);
}

/** A tensor that is decoded when its data is first read. */
export function lazyTensor(name: string, { dtype, shape }: TensorInfo, bytes: Uint8Array): StoredTensor {
  let data: TensorData | undefined;
  return {
    dtype,
    shape,
    get data() {
      data ??= decodeTensorData(name, dtype, bytes);
      return data;
    },
  };
}

/**
 * Reads a safetensors file that lies in memory.
 *
 * Everything is checked before the first tensor is touched. The data of a tensor is a view of `bytes`, so keep them
 * unchanged; it is copied, on first access, where it is not aligned or has to be converted (F16, BF16).
 *
 * @returns the tensors by name, and the metadata; nothing has to be disposed
 * @throws SafetensorsFormatError when the file does not follow the format
 * @example
 * const { tensors } = decodeSafetensors(new Uint8Array(await response.arrayBuffer()));
 * const { shape, data } = tensors.get('fc.weight')!;
 */
export function decodeSafetensors(
  bytes: Uint8Array | ArrayBuffer,
  { maxHeaderBytes = maximumHeaderBytes }: SafetensorsLimits = {},
): SafetensorsContents {
  // No Buffer, whose `slice` does not copy.
  const file =
    bytes instanceof Uint8Array ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) : new Uint8Array(bytes);
  const dataStart = prefixBytes + headerLength(file.subarray(0, prefixBytes), file.length, maxHeaderBytes);
  const header = parseHeader(file.subarray(prefixBytes, dataStart), file.length - dataStart);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, info] of header.tensors) {
    const [begin, end] = info.dataOffsets;
    tensors.set(name, lazyTensor(name, info, file.subarray(dataStart + begin, dataStart + end)));
  }
  return { tensors, metadata: header.metadata };
}
