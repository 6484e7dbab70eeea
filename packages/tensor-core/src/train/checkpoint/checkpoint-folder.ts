import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainOptionError } from '../errors.js';
import type { CheckpointStore } from './checkpoint-store.js';
import { CheckpointWriteError } from './errors.js';

/**
 * Checkpoints as files `<name>.safetensors` of a folder, which is made where it is missing.
 *
 * A file is written beside its place, flushed to the disk and then renamed, so a crash at any moment leaves the one before
 * intact. One run at a time may write into a folder.
 *
 * @throws TrainOptionError for a name with other characters than letters, digits, `.`, `_` and `-`; while writing CheckpointWriteError
 * @example
 * await fit({ checkpoint: { store: checkpointFolder('runs/a') }, resume: 'auto', … });
 */
export function checkpointFolder(folder: string): CheckpointStore {
  const pathOf = (name: string) => {
    if (!/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name)) {
      throw new TrainOptionError(
        `checkpointFolder: expected a name of letters, digits, '.', '_' and '-', got '${name}'`,
      );
    }
    return join(folder, `${name}.safetensors`);
  };
  return {
    async read(name) {
      try {
        return await readFile(pathOf(name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    async write(name, bytes) {
      const path = pathOf(name);
      const temporary = `${path}.part`;
      try {
        await mkdir(folder, { recursive: true });
        await writeDurably(temporary, bytes);
        await rename(temporary, path);
        await syncFolder(folder);
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => {});
        const reason = error instanceof Error ? error.message : String(error);
        throw new CheckpointWriteError(
          `cannot write the checkpoint ${path} (${bytes.length} bytes): ${reason}; the one before is still there. ` +
            'Make room, or give a folder that is writable',
          { cause: error },
        );
      }
    },
  };
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename durable. Where folders cannot be opened (Windows), the file system sees to it. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(folder, 'r');
  } catch {
    return;
  }
  try {
    await handle.sync();
  } catch {
    // Some file systems know no flush of folders.
  } finally {
    await handle.close();
  }
}
