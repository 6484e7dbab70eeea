import { decodeSafetensors } from '../../weights/safetensors/decode.js';
import { encodeSafetensors, type NamedTensor } from '../../weights/safetensors/encode.js';
import type { Checkpoint } from './capture-checkpoint.js';
import type { HostTensor, JsonValue, PartState } from './checkpoint-part.js';
import type { EngineIdentity } from './engine-identity.js';
import { CheckpointCorruptError, CheckpointVersionError } from './errors.js';
import { fromExactJson, toExactJson } from './exact-json.js';

/** Version of the format that is written and read. */
export const CHECKPOINT_VERSION = 1;

const STORED = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const;
const HOST = { F32: 'float32', I32: 'int32', BOOL: 'bool' } as const;

/** What every version of the format begins with, behind the length of the header: metadata are sorted and come first. */
const CHECKSUM_PREFIX = new TextEncoder().encode('{"__metadata__":{"checksum":"');
const CHECKSUM_START = 8 + CHECKSUM_PREFIX.length;
const CHECKSUM_LENGTH = 64;

interface Description {
  readonly version: number;
  readonly engine: EngineIdentity;
  readonly parts: Readonly<Record<string, JsonValue>>;
}

/** SHA-256 of the file with zeros for the digits of the checksum, as hexadecimal text. */
async function checksum(file: Uint8Array<ArrayBuffer>): Promise<string> {
  const { subtle } = globalThis.crypto;
  if (subtle === undefined) throw new Error('checkpoints need SHA-256 of Web Cryptography: serve the page over https');
  const place = file.subarray(CHECKSUM_START, CHECKSUM_START + CHECKSUM_LENGTH);
  const before = place.slice();
  place.fill(0x30);
  const digest = new Uint8Array(await subtle.digest('SHA-256', file));
  place.set(before);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Writes a checkpoint as one safetensors file.
 *
 * Tensors are named `part/tensor`; everything else stands in the metadata as JSON, with a SHA-256 of the whole file.
 *
 * @returns the file
 * @example
 * await fs.writeFile('run.safetensors', await encodeCheckpoint(checkpoint));
 */
export async function encodeCheckpoint({ engine, parts }: Checkpoint): Promise<Uint8Array> {
  const tensors: NamedTensor[] = [];
  const values: Record<string, JsonValue> = {};
  for (const [part, state] of Object.entries(parts)) {
    values[part] = state.values ?? null;
    for (const [name, { dtype, shape, data }] of Object.entries(state.tensors ?? {})) {
      tensors.push([`${part}/${name}`, { dtype: STORED[dtype], shape, data }]);
    }
  }
  const description: Description = { version: CHECKPOINT_VERSION, engine, parts: values };
  const file = encodeSafetensors(tensors, {
    checksum: '0'.repeat(CHECKSUM_LENGTH),
    'tensor-papers': toExactJson(description as unknown as JsonValue),
  }) as Uint8Array<ArrayBuffer>;
  file.set(new TextEncoder().encode(await checksum(file)), CHECKSUM_START);
  return file;
}

/**
 * Reads what {@link encodeCheckpoint} wrote.
 *
 * @param bytes the file; tensors are views of it
 * @throws CheckpointCorruptError for a file that is cut off, changed or something else; CheckpointVersionError for one of another
 *   format version
 */
export async function decodeCheckpoint(bytes: Uint8Array): Promise<Checkpoint> {
  const file = bytes as Uint8Array<ArrayBuffer>;
  const isCheckpoint = CHECKSUM_PREFIX.every((byte, i) => file[8 + i] === byte);
  if (!isCheckpoint || file.length < CHECKSUM_START + CHECKSUM_LENGTH) {
    throw new CheckpointCorruptError(
      `expected a checkpoint, got a file of ${file.length} bytes that does not begin like one; use another checkpoint, or start without resuming`,
    );
  }
  const expected = new TextDecoder().decode(file.subarray(CHECKSUM_START, CHECKSUM_START + CHECKSUM_LENGTH));
  const found = await checksum(file);
  if (found !== expected) {
    throw new CheckpointCorruptError(
      `the checkpoint is cut off or was changed: its ${file.length} bytes have the checksum ${found}, expected ${expected}; ` +
        'use another checkpoint, or start without resuming',
    );
  }
  try {
    return assemble(file);
  } catch (error) {
    if (error instanceof CheckpointVersionError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new CheckpointCorruptError(`expected a checkpoint, got a file that cannot be read: ${reason}`, {
      cause: error,
    });
  }
}

function assemble(file: Uint8Array): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(file);
  const { version, engine, parts: values } = fromExactJson(metadata['tensor-papers']!) as unknown as Description;
  if (version !== CHECKPOINT_VERSION) {
    throw new CheckpointVersionError(
      `expected a checkpoint of format version ${CHECKPOINT_VERSION}, got version ${version}; ` +
        'read it with the release that wrote it, or start without resuming',
    );
  }
  const parts: Record<string, PartState & { tensors: Record<string, HostTensor> }> = {};
  for (const [part, value] of Object.entries(values)) parts[part] = { values: value, tensors: {} };
  for (const [name, { dtype, shape, data }] of tensors) {
    // The longest name wins where a part's name holds a slash itself.
    const part = Object.keys(parts)
      .filter((each) => name.startsWith(`${each}/`))
      .sort((a, b) => b.length - a.length)[0]!;
    parts[part]!.tensors[name.slice(part.length + 1)] = {
      dtype: HOST[dtype as keyof typeof HOST],
      shape,
      data: data as HostTensor['data'],
    } satisfies HostTensor as HostTensor;
  }
  return { engine, parts };
}
