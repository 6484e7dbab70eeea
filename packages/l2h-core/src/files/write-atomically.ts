import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileAccessError } from './errors.js';

/**
 * Writes a file so that a reader sees the old contents or the new, never a part, also when the process is ended meanwhile.
 *
 * @throws FileAccessError
 */
export async function writeAtomically(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  let handle: FileHandle | undefined;
  try {
    handle = await open(temporary, 'wx');
    await writeAll(handle, bytes, 0);
    await handle.sync();
    await handle.close();
    handle = undefined;
    await rename(temporary, file);
  } catch (error) {
    await handle?.close().catch(() => {});
    await rm(temporary, { force: true });
    throw accessError('written', file, error);
  }
}

/** Writes all bytes at a place; one write may take a part only. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, Math.min(bytes.length - done, 2 ** 30), position + done);
    done += bytesWritten;
  }
}

export function accessError(verb: 'read' | 'written', file: string, error: unknown): FileAccessError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new FileAccessError(`${file} cannot be ${verb} (${code ?? message})`, { cause: error });
}
