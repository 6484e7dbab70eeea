import { type Codes, requireCodes, wordsOf } from '../codes/codes.js';
import { CodeShapeError, HashOptionError } from '../errors.js';
import type { Hasher, HasherJson } from '../hashers/hasher.js';
import { hasherFromJson } from '../hashers/hasher-from-json.js';
import { requireIds } from '../lists.js';
import { optionsOf } from '../options.js';
import { type QuantizedCodes, type Quantizer, requireBytes } from '../quantizers/quantizer.js';
import { quantizerFromJson } from '../quantizers/quantizer-from-json.js';
import { shown } from '../shown.js';
import { requireFileBytes } from './bytes.js';
import { crc32 } from './crc32.js';
import { FileCorruptError, FileFormatError } from './errors.js';
import {
  aligned,
  type BlockType,
  blocksStart,
  decodeBlockHead,
  decodeHead,
  encodeBlock,
  encodeHead,
  type Head,
  headBytes,
} from './layout.js';

/** Codes with their ids and with what made them. */
export interface CodeCollection {
  readonly codes: Codes | QuantizedCodes;
  /** Safe integers, one a code. Default 0, 1, 2, … */
  readonly ids?: ArrayLike<number>;
  /** The fitted hasher or quantiser of the codes. */
  readonly model?: Hasher | Quantizer;
}

/** What {@link decodeCodeFile} returns. */
export interface LoadedCodes {
  /** Where the codes lie in one block, a view of the bytes, not a copy. */
  readonly codes: Codes | QuantizedCodes;
  /** `[n]` */
  readonly ids: Float64Array;
  readonly model: Hasher | Quantizer | null;
}

export const isBinary = (codes: Codes | QuantizedCodes): codes is Codes => 'words' in codes;

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** The bytes of numbers as the file has them. */
function littleEndian(values: Uint32Array | Float64Array): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (isLittleEndian) return bytes;
  const turned = bytes.slice();
  const width = values.BYTES_PER_ELEMENT;
  for (let at = 0; at < turned.length; at += width) turned.subarray(at, at + width).reverse();
  return turned;
}

/** Numbers out of the bytes of a file: a view where the machine and the alignment allow it. */
function numbersOf<Values extends Uint32Array | Float64Array>(
  bytes: Uint8Array,
  type: { new (buffer: ArrayBufferLike, from: number, length: number): Values; readonly BYTES_PER_ELEMENT: number },
): Values {
  const width = type.BYTES_PER_ELEMENT;
  let from = bytes;
  if (!isLittleEndian || bytes.byteOffset % width !== 0) {
    from = bytes.slice();
    for (let at = 0; !isLittleEndian && at < from.length; at += width) from.subarray(at, at + width).reverse();
  }
  return new type(from.buffer, from.byteOffset, from.length / width);
}

/** Which code has a bit beyond its last, which distances would count; undefined where none has. */
function strayBits({ n, bits, words }: Codes): string | undefined {
  if (bits % 32 === 0) return undefined;
  const perCode = wordsOf(bits);
  for (let i = 0; i < n; i++) {
    if (words[(i + 1) * perCode - 1]! >>> (bits % 32) !== 0) return `code ${i} has bits beyond its ${bits}`;
  }
  return undefined;
}

/** What a collection is, for the head. */
export function describeCodes(what: string, codes: Codes | QuantizedCodes): Pick<Head, 'kind' | 'size' | 'count'> {
  if (typeof codes !== 'object' || codes === null || !('words' in codes || 'bytes' in codes)) {
    throw new CodeShapeError(`${what}: expected codes as an encode gives them, got ${shown(codes)}`);
  }
  if (isBinary(codes)) {
    requireCodes(what, codes);
    const stray = strayBits(codes);
    if (stray) throw new CodeShapeError(`${what}: ${stray}`);
    return { kind: 'binary', size: codes.bits, count: codes.n };
  }
  requireBytes(what, codes);
  return { kind: 'quantized', size: codes.parts, count: codes.n };
}

/** A part of a file, to become a block. */
export type BlockContents = readonly [type: BlockType, payload: Uint8Array];

/** Codes, and ids where these are given. */
export function codeContents({ codes, ids }: Omit<CodeCollection, 'model'>): BlockContents[] {
  const contents: BlockContents[] = [['codes', isBinary(codes) ? littleEndian(codes.words) : codes.bytes]];
  if (ids) contents.push(['ids', littleEndian(Float64Array.from(ids))]);
  return contents;
}

/**
 * Blocks one after the other from a place on.
 *
 * @param stamp of the file that they belong to; default: made of all contents, so that other contents have another
 */
export function encodeBlocks(contents: readonly BlockContents[], from: number, stamp?: number): Uint8Array[] {
  const checksums = contents.map(([, payload]) => crc32(payload));
  const own = stamp ?? Math.max(1, crc32(littleEndian(Uint32Array.from(checksums))));
  let at = from;
  return contents.map(([type, payload], i) => {
    const block = encodeBlock(type, payload, { at, stamp: own, checksum: checksums[i]! });
    at += block.length;
    return block;
  });
}

/** What kind of codes these are, in words. */
export const kindInWords = ({ kind, size }: Pick<Head, 'kind' | 'size'>): string =>
  kind === 'binary' ? `binary of ${size} bits` : `quantised of ${size} bytes`;

/** What kind of codes a model makes. */
const madeBy = (model: Hasher | Quantizer): Pick<Head, 'kind' | 'size'> =>
  'bits' in model ? { kind: 'binary', size: model.bits } : { kind: 'quantized', size: model.parts };

/** How codes are unlike those that the model makes; undefined where they are such. */
function otherThanMade(model: Hasher | Quantizer, head: Pick<Head, 'kind' | 'size'>): string | undefined {
  const made = madeBy(model);
  if (made.kind === head.kind && made.size === head.size) return undefined;
  return `expected codes as the model (${model.kind}) makes them, ${kindInWords(made)}, got ${kindInWords(head)}`;
}

function requireModel(what: string, model: Hasher | Quantizer, description: Pick<Head, 'kind' | 'size'>): void {
  if (typeof model.kind !== 'string' || typeof model.encode !== 'function' || typeof model.toJSON !== 'function') {
    throw new HashOptionError(`${what}: model: expected a fitted hasher or quantiser, got ${shown(model)}`);
  }
  const other = otherThanMade(model, description);
  if (other) throw new CodeShapeError(`${what}: ${other}`);
}

/**
 * A collection as the bytes of a file: the format is the same in Node and in a browser.
 *
 * @throws CodeShapeError, HashOptionError, NotFittedError
 */
export function encodeCodeFile(collection: CodeCollection): Uint8Array {
  return collectionBytes('encodeCodeFile', collection);
}

/** As {@link encodeCodeFile}, for the function that messages name. */
export function collectionBytes(what: string, collection: CodeCollection): Uint8Array {
  const { codes, ids, model } = optionsOf(what, collection, '{ codes, ids, model }');
  if (codes === undefined) {
    throw new HashOptionError(`${what}: expected an object such as { codes, ids, model }, got ${shown(collection)}`);
  }
  const description = describeCodes(what, codes);
  if (ids !== undefined) requireIds(what, ids, codes.n);
  // Loaded collections have a model of null where the file has none.
  if (model !== undefined && model !== null) requireModel(what, model, description);
  const meta = new TextEncoder().encode(JSON.stringify({ model: model?.toJSON() ?? null, ids: ids !== undefined }));
  const blocks = encodeBlocks([['meta', meta], ...codeContents(collection)], blocksStart);
  const end = blocks.reduce((sum, { length }) => sum + length, blocksStart);
  const head = { ...description, end };
  const bytes = new Uint8Array(end);
  bytes.set(encodeHead({ ...head, sequence: 0 }), 0);
  bytes.set(encodeHead({ ...head, sequence: 1 }), headBytes);
  let at = blocksStart;
  for (const block of blocks) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}

/**
 * The current head, the one of the two that was written last, and where the other stands; both have to be whole.
 *
 * @throws FileFormatError, FileCorruptError
 */
export function currentHead(bytes: Uint8Array, what: string): { head: Head; otherAt: number } {
  const heads = [0, 1].map((i) => decodeHead(bytes.subarray(i * headBytes, (i + 1) * headBytes), what));
  const [first, second] = heads as [Head, Head];
  const firstIsCurrent = first.sequence > second.sequence;
  const [head, other] = firstIsCurrent ? [first, second] : [second, first];
  if (
    head.sequence !== other.sequence + 1 ||
    head.kind !== other.kind ||
    head.size !== other.size ||
    head.count < other.count ||
    head.end < other.end
  ) {
    throw new FileCorruptError(`${what}: its two heads do not belong together; the file was changed`);
  }
  if (head.end < blocksStart || head.end % headBytes !== 0) {
    throw new FileCorruptError(`${what}: expected blocks of whole ${headBytes} bytes, got an end at ${head.end}`);
  }
  return { head, otherAt: firstIsCurrent ? headBytes : 0 };
}

/** What the meta block holds. */
export interface FileMeta {
  readonly model: HasherJson | null;
  /** Whether the file gives ids. */
  readonly ids: boolean;
}

export function parseMeta(payload: Uint8Array, what: string): FileMeta {
  try {
    const meta = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)) as Partial<FileMeta>;
    if (typeof meta.ids === 'boolean' && typeof meta.model === 'object')
      return { model: meta.model ?? null, ids: meta.ids };
  } catch {
    // Said below.
  }
  throw new FileCorruptError(`${what}: its description is not what this package writes`);
}

/**
 * A collection out of the bytes of a file. Every byte that counts is checked against a checksum.
 *
 * @param what stands in messages, such as the name of the file
 * @throws FileFormatError for other formats and newer versions, FileCorruptError for files that were cut off or changed
 */
export function decodeCodeFile(bytes: Uint8Array, what = 'decodeCodeFile'): LoadedCodes {
  requireFileBytes(what, bytes);
  const { head } = currentHead(bytes, what);
  if (head.end > bytes.length) {
    throw new FileCorruptError(`${what}: expected ${head.end} bytes, got ${bytes.length}; the file was cut off`);
  }
  const payloads: Record<BlockType, Uint8Array[]> = { meta: [], codes: [], ids: [] };
  let stamp: number | undefined;
  for (let at = blocksStart; at < head.end; ) {
    const block = decodeBlockHead(bytes.subarray(at, at + headBytes), at, what);
    stamp ??= block.stamp;
    if (block.stamp !== stamp)
      throw new FileCorruptError(`${what}: a block of ${block.type} belongs to another file; the file was changed`);
    const payload = bytes.subarray(at + headBytes, at + headBytes + block.bytes);
    at += headBytes + aligned(block.bytes);
    if (at > head.end || payload.length !== block.bytes || crc32(payload) !== block.checksum) {
      throw new FileCorruptError(
        `${what}: a block of ${block.type} does not fit its checksum; the file was changed or cut off`,
      );
    }
    payloads[block.type].push(payload);
  }
  if (payloads.meta.length !== 1)
    throw new FileCorruptError(`${what}: expected one description, got ${payloads.meta.length}`);
  const meta = parseMeta(payloads.meta[0]!, what);
  const codes = codesOf(head, payloads.codes, what);
  const ids = idsOf(head, meta, payloads.ids, what);
  const model = modelOf(meta, what);
  const other = model && otherThanMade(model, head);
  if (other) throw new FileCorruptError(`${what}: ${other}`);
  return { codes, ids, model };
}

/** The payload, in one piece: as it is where there is one. */
function joined(payloads: readonly Uint8Array[]): Uint8Array {
  if (payloads.length === 1) return payloads[0]!;
  const whole = new Uint8Array(payloads.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const payload of payloads) {
    whole.set(payload, at);
    at += payload.length;
  }
  return whole;
}

function codesOf({ kind, size, count }: Head, payloads: readonly Uint8Array[], what: string): Codes | QuantizedCodes {
  const payload = joined(payloads);
  const each = kind === 'binary' ? 4 * wordsOf(size) : size;
  if (size < 1 || payload.length !== count * each) {
    throw new FileCorruptError(`${what}: expected ${count} codes of ${each} bytes, got ${payload.length} bytes`);
  }
  if (kind === 'quantized') return { n: count, parts: size, bytes: payload };
  const codes = { n: count, bits: size, words: numbersOf(payload, Uint32Array) };
  const stray = strayBits(codes);
  if (stray) throw new FileCorruptError(`${what}: ${stray}`);
  return codes;
}

function idsOf({ count }: Head, meta: FileMeta, payloads: readonly Uint8Array[], what: string): Float64Array {
  if (!meta.ids && payloads.length === 0) return counted(count);
  const payload = joined(payloads);
  if (!meta.ids || payload.length !== 8 * count) {
    throw new FileCorruptError(`${what}: expected ${count} ids of 8 bytes, got ${payload.length} bytes`);
  }
  const ids = numbersOf(payload, Float64Array);
  for (let i = 0; i < count; i++) {
    if (!Number.isSafeInteger(ids[i])) throw new FileCorruptError(`${what}: id ${i} is ${ids[i]}, no safe integer`);
  }
  return ids;
}

/** 0 … count − 1; `from` takes ten times as long. */
function counted(count: number): Float64Array {
  const ids = new Float64Array(count);
  for (let i = 0; i < count; i++) ids[i] = i;
  return ids;
}

function modelOf({ model }: FileMeta, what: string): Hasher | Quantizer | null {
  if (model === null) return null;
  try {
    return ['pq', 'opq', 'cq'].includes(model.kind) ? quantizerFromJson(model) : hasherFromJson(model);
  } catch (error) {
    throw new FileFormatError(`${what}: its model (${model.kind}) cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
