import { type FileHandle, open } from 'node:fs/promises';
import type { Codes } from '../codes/codes.js';
import { CodeShapeError, HashOptionError } from '../errors.js';
import { requireIds } from '../lists.js';
import type { QuantizedCodes } from '../quantizers/quantizer.js';
import { shown } from '../shown.js';
import {
  type CodeCollection,
  codeContents,
  collectionBytes,
  currentHead,
  decodeCodeFile,
  describeCodes,
  encodeBlocks,
  kindInWords,
  type LoadedCodes,
  parseMeta,
} from './code-file.js';
import { crc32 } from './crc32.js';
import { FileCorruptError } from './errors.js';
import { lockFile } from './file-lock.js';
import { blocksStart, decodeBlockHead, encodeHead, headBytes } from './layout.js';
import { accessError, noFile, writeAll, writeAtomically } from './write-atomically.js';

/**
 * Saves codes, ids and what made them; a file that is there is replaced, all at once.
 *
 * @throws CodeShapeError, HashOptionError, NotFittedError; FileAccessError, also while another process appends
 * @example
 * await saveCodes('photos.l2h', { codes, ids, model: hasher });
 */
export async function saveCodes(file: string, collection: CodeCollection): Promise<void> {
  requirePath('saveCodes', file);
  const bytes = collectionBytes('saveCodes', collection);
  const release = await lockFile(file);
  try {
    await writeAtomically(file, bytes);
  } finally {
    await release();
  }
}

/**
 * Loads what {@link saveCodes} and {@link appendCodes} wrote. Codes that were never appended to are a view of the file's bytes.
 *
 * @throws FileAccessError, FileFormatError, FileCorruptError
 */
export async function loadCodes(file: string): Promise<LoadedCodes> {
  requirePath('loadCodes', file);
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    // First what tells how much there is to read: the file may be another one, of any size.
    const heads = await readPart(handle, 0, blocksStart);
    const { head } = currentHead(heads, file);
    await requireEnd(handle, head.end, file);
    const bytes = await readPart(handle, 0, head.end);
    // Another process may have appended meanwhile: the heads that were read first are those of these bytes.
    bytes.set(heads.subarray(0, bytes.length));
    return decodeCodeFile(bytes, file);
  } catch (error) {
    throw isOfSystem(error) ? accessError('read', file, error, noFile(file)) : error;
  } finally {
    await handle?.close();
  }
}

/**
 * Adds codes at the end of a file, without reading what is there. A process that is ended meanwhile leaves the file as it was.
 *
 * @param ids needed where the file gives ids; not taken where it counts them
 * @throws CodeShapeError for codes of another kind or size; HashOptionError; FileAccessError, FileFormatError, FileCorruptError
 */
export async function appendCodes(file: string, codes: Codes | QuantizedCodes, ids?: ArrayLike<number>): Promise<void> {
  requirePath('appendCodes', file);
  const description = describeCodes('appendCodes', codes);
  if (ids !== undefined) requireIds('appendCodes', ids, codes.n);
  const release = await lockFile(file);
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r+');
    const { head, otherAt } = currentHead(await readPart(handle, 0, blocksStart), file);
    if (head.kind !== description.kind || head.size !== description.size) {
      throw new CodeShapeError(
        `appendCodes: ${file} holds codes that are ${kindInWords(head)}, got ${kindInWords(description)}`,
      );
    }
    await requireEnd(handle, head.end, file);
    const { ids: gives, stamp } = await readMeta(handle, head.end, file);
    if (!gives && ids) throw new HashOptionError(`appendCodes: ${file} counts its ids; save it anew with ids`);
    if (gives && !ids)
      throw new HashOptionError(`appendCodes: ${file} gives its codes ids; give the new codes ids too`);
    let end = head.end;
    for (const block of encodeBlocks(codeContents({ codes, ...(ids && { ids }) }), end, stamp)) {
      await writeAll(handle, block, end);
      end += block.length;
    }
    await handle.sync();
    const next = { ...head, count: head.count + codes.n, end, sequence: head.sequence + 1 };
    // The head that is not current: until it is written, readers see the file as it was.
    await writeAll(handle, encodeHead(next), otherAt);
    await handle.sync();
  } catch (error) {
    throw isOfSystem(error) ? accessError('written', file, error, noFile(file)) : error;
  } finally {
    await handle?.close();
    await release();
  }
}

/** Throws unless it is text that may be the path of a file. */
function requirePath(what: string, file: string): void {
  if (typeof file === 'string' && file !== '' && !file.includes('\0')) return;
  const hint = (file as unknown) instanceof URL ? '; fileURLToPath of node:url gives its path' : '';
  throw new HashOptionError(`${what}: expected the path of a file as a string, got ${shown(file)}${hint}`);
}

/** Whether the system refused something, or there is no memory for a file of that size. */
const isOfSystem = (error: unknown): boolean =>
  typeof (error as NodeJS.ErrnoException).syscall === 'string' || error instanceof RangeError;

/** Throws unless the file reaches to where its blocks end. */
async function requireEnd(handle: FileHandle, end: number, file: string): Promise<void> {
  const { size } = await handle.stat();
  if (size >= end) return;
  throw new FileCorruptError(`${file}: expected ${end} bytes, got ${size}; the file was cut off`);
}

/** Bytes of a file, fewer where it ends. */
async function readPart(handle: FileHandle, from: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, Math.min(length - done, 2 ** 30), from + done);
    if (bytesRead === 0) return bytes.subarray(0, done);
    done += bytesRead;
  }
  return bytes;
}

async function readMeta(handle: FileHandle, end: number, file: string) {
  const at = blocksStart;
  const block = decodeBlockHead(await readPart(handle, at, headBytes), at, file);
  const payloadAt = at + headBytes;
  const payload = await readPart(handle, payloadAt, Math.min(block.bytes, end - payloadAt));
  if (block.type !== 'meta' || payload.length !== block.bytes || crc32(payload) !== block.checksum) {
    throw new FileCorruptError(`${file}: its description does not fit its checksum; the file was changed`);
  }
  return { ...parseMeta(payload, file), stamp: block.stamp };
}
