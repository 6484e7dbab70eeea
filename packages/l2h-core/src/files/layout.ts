import { crc32 } from './crc32.js';
import { FileCorruptError, FileFormatError } from './errors.js';

/**
 * Layout of a file of codes; docs/l2h-file-format.md describes it for readers in other languages. All numbers are little-endian.
 *
 *     0    two heads of 64 bytes: magic, version, kind, bits, count, where the blocks end, sequence number, checksum
 *     128  blocks, each aligned to 64 bytes: a block head of 64 bytes, then its payload
 *
 * Adding codes writes blocks behind the end and then one head, the one with the lower sequence number: a writer that is ended before that
 * leaves the old file, whole.
 */
export const headBytes = 64;
export const blocksStart = 2 * headBytes;
export const version = 1;

/** Not text, and changed by whatever takes it for text: as PNG's. */
const magic = Uint8Array.of(0x8a, 0x4c, 0x32, 0x48, 0x0d, 0x0a, 0x1a, 0x0a);
const byteOrder = 0x01020304;

export const codeKinds = ['binary', 'quantized'] as const;
export type CodeKind = (typeof codeKinds)[number];

export const blockTypes = ['meta', 'codes', 'ids'] as const;
export type BlockType = (typeof blockTypes)[number];

/** What a head says. */
export interface Head {
  readonly kind: CodeKind;
  /** Bits of a binary code; bytes of a quantised one. */
  readonly size: number;
  readonly count: number;
  /** Where the last block ends; what lies behind is not part of the file. */
  readonly end: number;
  /** Rises with every change. */
  readonly sequence: number;
}

/** Of a block. */
export interface BlockHead {
  readonly type: BlockType;
  readonly bytes: number;
  readonly checksum: number;
  /** Where the block stands and to which file it belongs, so that blocks cannot change places or files; 0 and 0 in files without. */
  readonly at: number;
  readonly stamp: number;
}

export const aligned = (bytes: number) => Math.ceil(bytes / 64) * 64;

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function writeCount(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % 2 ** 32, true);
  view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
}

function readCount(view: DataView, at: number, what: string): number {
  const value = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
  if (Number.isSafeInteger(value)) return value;
  throw new FileCorruptError(`${what}: expected a count below 2⁵³, got ${value}`);
}

export function encodeHead({ kind, size, count, end, sequence }: Head): Uint8Array {
  const bytes = new Uint8Array(headBytes);
  const view = viewOf(bytes);
  bytes.set(magic);
  view.setUint32(8, version, true);
  view.setUint32(12, byteOrder, true);
  view.setUint32(16, codeKinds.indexOf(kind), true);
  view.setUint32(20, size, true);
  writeCount(view, 24, count);
  writeCount(view, 32, end);
  writeCount(view, 40, sequence);
  view.setUint32(60, crc32(bytes.subarray(0, 60)), true);
  return bytes;
}

/** @throws FileFormatError, FileCorruptError */
export function decodeHead(bytes: Uint8Array, what: string): Head {
  if (bytes.length < headBytes) {
    throw new FileFormatError(
      `${what}: expected a head of ${headBytes} bytes, got ${bytes.length} bytes; is it a file of codes?`,
    );
  }
  const view = viewOf(bytes);
  if (!magic.every((byte, i) => bytes[i] === byte)) {
    throw new FileFormatError(
      `${what}: expected a file of codes, got another format; its first bytes are not the magic number`,
    );
  }
  const got = view.getUint32(8, true);
  if (crc32(bytes.subarray(0, 60)) !== view.getUint32(60, true)) {
    throw new FileCorruptError(`${what}: the head does not fit its checksum; the file was changed or cut off`);
  }
  if (got > version) {
    throw new FileFormatError(
      `${what}: version ${got}, this package reads up to ${version}; update @tensor-papers/l2h-core`,
    );
  }
  const kind = codeKinds[view.getUint32(16, true)];
  if (got < 1 || kind === undefined || view.getUint32(12, true) !== byteOrder) {
    throw new FileFormatError(
      `${what}: expected version 1 … ${version}, a known kind of codes and little-endian numbers`,
    );
  }
  return {
    kind,
    size: view.getUint32(20, true),
    count: readCount(view, 24, what),
    end: readCount(view, 32, what),
    sequence: readCount(view, 40, what),
  };
}

/** A block: its head and its payload, padded to whole multiples of 64 bytes. */
export function encodeBlock(
  type: BlockType,
  payload: Uint8Array,
  { at, stamp, checksum }: Pick<BlockHead, 'at' | 'stamp' | 'checksum'>,
): Uint8Array {
  const bytes = new Uint8Array(headBytes + aligned(payload.length));
  const view = viewOf(bytes);
  view.setUint32(0, blockTypes.indexOf(type), true);
  writeCount(view, 8, payload.length);
  view.setUint32(16, checksum, true);
  view.setUint32(20, stamp, true);
  writeCount(view, 24, at);
  view.setUint32(60, crc32(bytes.subarray(0, 60)), true);
  bytes.set(payload, headBytes);
  return bytes;
}

/**
 * The head of the block that stands at a place.
 *
 * @param bytes from there on
 * @throws FileCorruptError
 */
export function decodeBlockHead(bytes: Uint8Array, at: number, what: string): BlockHead {
  const view = viewOf(bytes);
  const isWhole = bytes.length >= headBytes && crc32(bytes.subarray(0, 60)) === view.getUint32(60, true);
  const type = isWhole ? blockTypes[view.getUint32(0, true)] : undefined;
  if (type === undefined) {
    throw new FileCorruptError(
      `${what}: the head of a block does not fit its checksum; the file was changed or cut off`,
    );
  }
  const said = readCount(view, 24, what);
  if (said !== 0 && said !== at) {
    throw new FileCorruptError(`${what}: a block of ${type} for place ${said} stands at ${at}; the file was changed`);
  }
  return {
    type,
    bytes: readCount(view, 8, what),
    checksum: view.getUint32(16, true),
    at: said,
    stamp: view.getUint32(20, true),
  };
}
