import { type FileHandle, open, readFile } from 'node:fs/promises';
import type { Codes } from '../codes/codes.js';
import { CodeShapeError, HashOptionError } from '../errors.js';
import type { QuantizedCodes } from '../quantizers/quantizer.js';
import {
  type CodeCollection,
  currentHead,
  decodeCodeFile,
  describeCodes,
  encodeCodeBlocks,
  encodeCodeFile,
  type LoadedCodes,
  parseMeta,
  requireIds,
} from './code-file.js';
import { crc32 } from './crc32.js';
import { FileCorruptError } from './errors.js';
import { lockFile } from './file-lock.js';
import { blocksStart, decodeBlockHead, encodeHead, headBytes } from './layout.js';
import { accessError, writeAll, writeAtomically } from './write-atomically.js';

/**
 * Saves codes, ids and what made them; a file that is there is replaced, all at once.
 *
 * @throws CodeShapeError, HashOptionError, NotFittedError; FileAccessError, also while another process appends
 * @example
 * await saveCodes('photos.l2h', { codes, ids, model: hasher });
 */
export async function saveCodes(file: string, collection: CodeCollection): Promise<void> {
  const bytes = encodeCodeFile(collection);
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
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw accessError('read', file, error);
  }
  return decodeCodeFile(bytes, file);
}

/**
 * Adds codes at the end of a file, without reading what is there. A process that is ended meanwhile leaves the file as it was.
 *
 * @param ids needed where the file gives ids; not taken where it counts them
 * @throws CodeShapeError for codes of another kind or size; HashOptionError; FileAccessError, FileFormatError, FileCorruptError
 */
export async function appendCodes(file: string, codes: Codes | QuantizedCodes, ids?: ArrayLike<number>): Promise<void> {
  const description = describeCodes('appendCodes', codes);
  if (ids) requireIds('appendCodes', ids, codes.n);
  const release = await lockFile(file);
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r+').catch((error: unknown) => {
      throw accessError('written', file, error);
    });
    const { head, other } = currentHead(await readPart(handle, 0, blocksStart, file), file);
    if (head.kind !== description.kind || head.size !== description.size) {
      const name = ({ kind, size }: typeof description) =>
        kind === 'binary' ? `binary of ${size} bits` : `quantised of ${size} bytes`;
      throw new CodeShapeError(`appendCodes: ${file} holds codes that are ${name(head)}, got ${name(description)}`);
    }
    const { size } = await handle.stat();
    if (size < head.end)
      throw new FileCorruptError(`${file}: expected ${head.end} bytes, got ${size}; the file was cut off`);
    const { ids: gives } = await readMeta(handle, file);
    if (!gives && ids) throw new HashOptionError(`appendCodes: ${file} counts its ids; save it anew with ids`);
    const blocks = encodeCodeBlocks({ codes, ...(ids && { ids }) }, gives ? undefined : head.count);
    let end = head.end;
    for (const block of blocks) {
      await writeAll(handle, block, end);
      end += block.length;
    }
    await handle.sync();
    const next = { ...head, count: head.count + codes.n, end, sequence: head.sequence + 1 };
    // The head that is not current: until it is written, readers see the file as it was.
    await writeAll(handle, encodeHead(next), other.sequence % 2 === 0 ? 0 : headBytes);
    await handle.sync();
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall ? accessError('written', file, error) : error;
  } finally {
    await handle?.close();
    await release();
  }
}

async function readPart(handle: FileHandle, from: number, length: number, file: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, from + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  if (done < length && from > 0) throw new FileCorruptError(`${file}: the file was cut off`);
  return bytes.subarray(0, done);
}

async function readMeta(handle: FileHandle, file: string) {
  const block = decodeBlockHead(await readPart(handle, blocksStart, headBytes, file), file);
  const payload = await readPart(handle, blocksStart + headBytes, block.bytes, file);
  if (block.type !== 'meta' || crc32(payload) !== block.checksum) {
    throw new FileCorruptError(`${file}: its description does not fit its checksum; the file was changed`);
  }
  return parseMeta(payload, file);
}
