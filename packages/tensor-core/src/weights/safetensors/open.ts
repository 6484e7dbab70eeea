import { SafetensorsFormatError, TensorNotFoundError } from '../errors.js';
import type { ByteSource } from './byte-source.js';
import { decodeTensorData, type SafetensorsLimits, type StoredTensor } from './decode.js';
import { headerLength, maximumHeaderBytes, parseHeader, prefixBytes, type TensorInfo } from './parse-header.js';

/** An opened safetensors file: its header has been read and checked, its tensors have not. */
export interface SafetensorsReader {
  /** What the header says, by name, in the order of the file. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * Reads one tensor and nothing else.
   *
   * @throws TensorNotFoundError; SafetensorsFormatError when the file has become shorter, or BOOL values are not 0 or 1
   */
  read(name: string): Promise<StoredTensor>;
}

async function readExactly(source: ByteSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await source.read(offset, length);
  if (bytes.length !== length) {
    throw new SafetensorsFormatError(
      'weights/truncated',
      `expected ${length} bytes at ${offset}, got ${bytes.length}; the file changed while it was read`,
    );
  }
  return bytes;
}

/**
 * Reads the header of a safetensors file; tensors are read when they are asked for.
 *
 * In memory at a time: the header, and the tensors that the caller keeps.
 *
 * @param source where the bytes come from; its errors are passed on
 * @throws SafetensorsFormatError when the file does not follow the format
 * @example
 * const file = await openSafetensors(blobSource(blob));
 * const { shape, data } = await file.read('fc.weight');
 */
export async function openSafetensors(
  source: ByteSource,
  { maxHeaderBytes = maximumHeaderBytes }: SafetensorsLimits = {},
): Promise<SafetensorsReader> {
  const prefix = await readExactly(source, 0, Math.min(prefixBytes, source.size));
  const dataStart = prefixBytes + headerLength(prefix, source.size, maxHeaderBytes);
  const header = await readExactly(source, prefixBytes, dataStart - prefixBytes);
  const { tensors, metadata } = parseHeader(header, source.size - dataStart);
  return {
    tensors,
    metadata,
    async read(name) {
      const info = tensors.get(name);
      if (info === undefined) {
        const names = Array.from(tensors.keys());
        const some = names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
        throw new TensorNotFoundError(
          `the file has no tensor ${JSON.stringify(name)}; it has ${names.length}: ${some || 'none'}`,
        );
      }
      const { dtype, shape, dataOffsets } = info;
      const bytes = await readExactly(source, dataStart + dataOffsets[0], dataOffsets[1] - dataOffsets[0]);
      return { dtype, shape, data: decodeTensorData(name, dtype, bytes) };
    },
  };
}
