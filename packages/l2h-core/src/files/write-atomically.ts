import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileAccessError } from './errors.js';

/** How the temporary files of a process begin that writes a file. */
const temporaryPrefix = (file: string, pid: number) => `.${basename(file)}.${pid}-`;

/** Deletes what a process that was ended while it wrote a file has left beside it. */
export async function removeAbandoned(file: string, pid: number): Promise<void> {
  const prefix = temporaryPrefix(file, pid);
  const names = await readdir(dirname(file)).catch(() => []);
  const left = names.filter((name) => name.startsWith(prefix) && name.endsWith('.tmp'));
  await Promise.all(left.map((name) => rm(join(dirname(file), name), { force: true })));
}

/**
 * Writes a file so that a reader sees the old contents or the new, never a part, also when the process is ended meanwhile.
 *
 * @throws FileAccessError
 */
export async function writeAtomically(file: string, bytes: Uint8Array): Promise<void> {
  const name = `${temporaryPrefix(file, process.pid)}${randomBytes(4).toString('hex')}.tmp`;
  const temporary = join(dirname(file), name);
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
