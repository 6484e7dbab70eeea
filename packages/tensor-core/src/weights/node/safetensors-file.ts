import { decodeSafetensors, type SafetensorsContents, type SafetensorsLimits } from '../safetensors/decode.js';
import { type NamedTensor, planSafetensors, tensorBytes } from '../safetensors/encode.js';
import { openSafetensors, type SafetensorsReader } from '../safetensors/open.js';
import { writeAtomically } from './atomic-file.js';
import { openFileSource } from './file-source.js';

/** An opened safetensors file. */
export interface SafetensorsFile extends SafetensorsReader {
  /** Closes the file; tensors that were read stay valid. */
  close(): Promise<void>;
}

/**
 * Opens a safetensors file and reads its header; tensors are read one by one when they are asked for.
 *
 * @returns close it when you are done
 * @throws WeightsFileError when the file cannot be read; SafetensorsFormatError when it does not follow the format
 * @example
 * const file = await openSafetensorsFile('model.safetensors');
 * const { shape, data } = await file.read('fc.weight');
 * await file.close();
 */
export async function openSafetensorsFile(path: string, limits: SafetensorsLimits = {}): Promise<SafetensorsFile> {
  const source = await openFileSource(path);
  try {
    return { ...(await openSafetensors(source, limits)), close: () => source.close() };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/**
 * Reads a whole safetensors file.
 *
 * @throws WeightsFileError when the file cannot be read; SafetensorsFormatError when it does not follow the format
 * @example
 * const { tensors } = await readSafetensorsFile('model.safetensors');
 */
export async function readSafetensorsFile(path: string, limits: SafetensorsLimits = {}): Promise<SafetensorsContents> {
  const source = await openFileSource(path);
  try {
    // Checks the header first, so that nothing large is read of a file that is something else.
    await openSafetensors(source, limits);
    return decodeSafetensors(await source.read(0, source.size), limits);
  } finally {
    await source.close();
  }
}

function* chunksOf(head: Uint8Array, tensors: readonly NamedTensor[]): Iterable<Uint8Array> {
  yield head;
  for (const [, tensor] of tensors) yield tensorBytes(tensor);
}

/**
 * Writes tensors to a safetensors file, all or nothing: a failure leaves the file that was there before.
 *
 * The bytes are those of `encodeSafetensors`, without the whole file being held in memory.
 *
 * @param path in a folder that exists
 * @throws TensorDataError for tensors that do not fit the format; WeightsFileError when the file cannot be written
 * @example
 * await writeSafetensorsFile('model.safetensors', await weightsOf(model), { format: 'tfjs' });
 */
export async function writeSafetensorsFile(
  path: string,
  tensors: Iterable<NamedTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const plan = planSafetensors(tensors, metadata);
  await writeAtomically(path, chunksOf(plan.head, plan.tensors));
}
