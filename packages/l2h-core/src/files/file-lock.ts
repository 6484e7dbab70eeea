import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { FileAccessError } from './errors.js';
import { accessError } from './write-atomically.js';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether the writer that left a lock is gone. A lock of another machine, or one that cannot be read, stays. */
async function isAbandoned(lock: string): Promise<boolean> {
  const owner = await readFile(lock, 'utf8').catch(() => '');
  const [pid, host] = owner.split(' ');
  return host === hostname() && /^\d+$/.test(pid ?? '') && !isAlive(Number(pid));
}

/**
 * Keeps other writers out of a file until the returned function is called.
 *
 * @throws FileAccessError while another writer has it
 */
export async function lockFile(file: string): Promise<() => Promise<void>> {
  const lock = `${file}.lock`;
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = await open(lock, 'wx');
      await handle.writeFile(`${process.pid} ${hostname()}`);
      await handle.close();
      return () => rm(lock, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw accessError('written', lock, error);
    }
    if (attempt === 0 && (await isAbandoned(lock))) await rm(lock, { force: true });
    else
      throw new FileAccessError(
        `${file} is being written by another process; wait for it, or delete ${lock} if there is none`,
      );
  }
}
