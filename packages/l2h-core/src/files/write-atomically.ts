import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
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
    throw accessError('written', file, error, noFolder(file));
  }
}

/** Writes all bytes at a place; one write may take a part only. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, Math.min(bytes.length - done, 2 ** 30), position + done);
    done += bytesWritten;
  }
}

/** What to do where there is no such file, or no folder for it. */
export const noFile = (file: string) => `there is no such file in ${dirname(resolve(file))}; saveCodes writes one`;
export const noFolder = (file: string) => `there is no folder ${dirname(resolve(file))}; make it first`;

/** @param missing what to do if something is not there */
export function accessError(verb: 'read' | 'written', file: string, error: unknown, missing: string): FileAccessError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const advice = {
    ENOENT: missing,
    EISDIR: 'it is a folder; name a file in it',
    EACCES: 'this process has no permission for it',
  }[code];
  return new FileAccessError(`${file} cannot be ${verb} (${code || message})${advice ? `: ${advice}` : ''}`, {
    cause: error,
  });
}
