import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What a file is called until it is whole: `.NAME.tmp-PID-…`, beside its place. */
export const temporaryName = (name: string) => `.${name}.tmp-${process.pid}-${randomBytes(4).toString('hex')}`;

/** Whether another process of this machine has the number. */
export function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Removes what processes that are gone left under `temporaryName`, of `name` or of all; what cannot be removed stays. */
export function removeTemporaries(folder: string, name = ''): void {
  try {
    for (const entry of readdirSync(folder)) {
      const [, pid] = /\.tmp-(\d+)-[0-9a-f]{8}$/.exec(entry) ?? [];
      if (pid === undefined || !entry.startsWith(`.${name}`) || isAlive(Number(pid))) continue;
      rmSync(join(folder, entry), { recursive: true, force: true });
    }
  } catch {
    // It is in nobody's way.
  }
}
