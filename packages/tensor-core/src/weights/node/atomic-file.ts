import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { WeightsFileError } from '../errors.js';

/** Runs an action on a file. @throws WeightsFileError where the operating system refuses */
export async function onFile<T>(path: string, action: 'read' | 'write', run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const { syscall, code, message } = error as NodeJS.ErrnoException;
    if (typeof syscall !== 'string') throw error;
    const advice =
      action === 'read'
        ? 'name a file that exists and that you may read'
        : 'name one in a folder that exists, that you may write and that has room';
    throw new WeightsFileError(`cannot ${action} ${path} (${code ?? message}); ${advice}`, { cause: error });
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done)).bytesWritten;
  }
}

/**
 * Writes a file so that its path holds the old contents or the new, never a part: a temporary file beside it, then a rename.
 *
 * @param chunks its contents, in order; only one is held at a time
 * @throws WeightsFileError, and whatever `chunks` throws; the temporary file is removed and the old file is as before
 */
export async function writeAtomically(path: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  await onFile(path, 'write', async () => {
    try {
      const file = await open(temporary, 'wx');
      try {
        for (const chunk of chunks) await writeAll(file, chunk);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  });
}
