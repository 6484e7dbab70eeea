import { TensorDataError } from '../errors.js';
import type { StoredTensor } from './decode.js';
import { byteCount, dtypeNames, elementCount, isDtype, layoutOf, type SafetensorsDtype } from './dtype.js';
import { encodeHalf, type HalfDtype } from './half-precision.js';
import { prefixBytes } from './parse-header.js';

/** A tensor with its name. */
export type NamedTensor = readonly [name: string, tensor: StoredTensor];

/** A file that is ready for writing: its parts, in order. */
export interface SafetensorsPlan {
  /** Length and header. */
  readonly head: Uint8Array;
  readonly tensors: readonly NamedTensor[];
  /** Bytes of the whole file. */
  readonly size: number;
}

const rank = (dtype: SafetensorsDtype): number => dtypeNames.indexOf(dtype);
const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function requireName(name: string, kind: string): void {
  // A lone surrogate has no UTF-8, so another name would be read back.
  const wellFormed = typeof name === 'string' && new TextDecoder().decode(new TextEncoder().encode(name)) === name;
  if (!wellFormed || name === '__proto__' || (kind === 'tensor' && name === '__metadata__')) {
    throw new TensorDataError(
      `expected the name of a ${kind} to be well-formed text other than __proto__ and __metadata__, got ${JSON.stringify(name)}`,
    );
  }
}

/** Bytes that a tensor takes. @throws TensorDataError when its parts do not belong together */
function requireTensor(name: string, { dtype, shape, data }: StoredTensor): number {
  const tensor = `tensor ${JSON.stringify(name)}`;
  if (!isDtype(dtype)) {
    throw new TensorDataError(`${tensor}: expected a dtype of ${dtypeNames.join(', ')}, got ${JSON.stringify(dtype)}`);
  }
  const size = Array.isArray(shape) ? byteCount(dtype, elementCount(shape)) : Number.NaN;
  if (!Number.isSafeInteger(size)) {
    throw new TensorDataError(`${tensor}: expected a shape of whole sizes from 0, got ${JSON.stringify(shape)}`);
  }
  const { array, kind } = layoutOf(dtype);
  // By name, because typed arrays of another realm (a worker, a test's sandbox) are no instances of ours.
  const came = Object.prototype.toString.call(data).slice(8, -1);
  const length = kind === 'raw' ? size : elementCount(shape);
  if (came !== array.name || data.length !== length) {
    const got = ArrayBuffer.isView(data) ? `${came} of ${data.length}` : came;
    throw new TensorDataError(
      `${tensor}: ${dtype} [${shape.join(', ')}] needs a ${array.name} of ${length}, got ${got}; convert it, or name another dtype`,
    );
  }
  const wrong = kind === 'boolean' ? (data as Uint8Array).findIndex((value) => value > 1) : -1;
  if (wrong >= 0) throw new TensorDataError(`${tensor}: expected BOOL values of 0 or 1, got ${data[wrong]}`);
  return size;
}

/** The stored bytes of a tensor: a view of its data, or of the converted data. */
export function tensorBytes({ dtype, data }: StoredTensor): Uint8Array {
  const stored = layoutOf(dtype).kind === 'half' ? encodeHalf(dtype as HalfDtype, data as Float32Array) : data;
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}

/** Checks the tensors and lays out the file. @throws TensorDataError */
export function planSafetensors(
  tensors: Iterable<NamedTensor>,
  metadata: Readonly<Record<string, string>> = {},
): SafetensorsPlan {
  const ordered = Array.from(tensors).sort(
    ([a, { dtype: left }], [b, { dtype: right }]) => rank(right) - rank(left) || byCodeUnits(a, b),
  );
  const entries: string[] = [];
  const texts = Object.entries(metadata).sort(([a], [b]) => byCodeUnits(a, b));
  for (const [key, text] of texts) {
    requireName(key, 'metadata text');
    if (typeof text !== 'string') {
      throw new TensorDataError(`metadata: expected a text for ${JSON.stringify(key)}, got ${typeof text}`);
    }
  }
  if (texts.length > 0) entries.push(`"__metadata__":${JSON.stringify(Object.fromEntries(texts))}`);

  const names = new Set<string>();
  let offset = 0;
  for (const [name, tensor] of ordered) {
    requireName(name, 'tensor');
    if (names.has(name)) throw new TensorDataError(`two tensors have the name ${JSON.stringify(name)}; rename one`);
    names.add(name);
    const end = offset + requireTensor(name, tensor);
    const { dtype, shape } = tensor;
    entries.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [offset, end] })}`);
    offset = end;
  }
  const json = new TextEncoder().encode(`{${entries.join()}}`);
  const dataStart = prefixBytes + Math.ceil(json.length / 8) * 8;
  const head = new Uint8Array(dataStart).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(dataStart - prefixBytes), true);
  head.set(json, prefixBytes);
  return { head, tensors: ordered, size: dataStart + offset };
}

/**
 * Writes tensors in the safetensors format: length of the header (u64), header (JSON, padded to 8 bytes), data, all
 * little-endian.
 *
 * The same tensors give the same bytes, in whatever order they come: wider dtypes first, then by name, so that every tensor
 * lies aligned.
 *
 * @param tensors names with dtype, shape and data as {@link StoredTensor} has them; F16 and BF16 are rounded from Float32Array
 * @param metadata texts for the header's `__metadata__`
 * @returns the whole file
 * @throws TensorDataError for a name that comes twice or is reserved, or data that do not fit dtype and shape
 * @example
 * encodeSafetensors([['bias', { dtype: 'F32', shape: [2], data: new Float32Array([1, 2]) }]], { step: '100' });
 */
export function encodeSafetensors(
  tensors: Iterable<NamedTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const plan = planSafetensors(tensors, metadata);
  const file = new Uint8Array(plan.size);
  file.set(plan.head);
  let offset = plan.head.length;
  for (const [, tensor] of plan.tensors) {
    const bytes = tensorBytes(tensor);
    file.set(bytes, offset);
    offset += bytes.length;
  }
  return file;
}
