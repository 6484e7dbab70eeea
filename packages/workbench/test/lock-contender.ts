// Takes and gives back the lock of FOLDER, again and again, with others at it: prints a line for each time that it had it, and ends with
// code 3 if another one had it too. Kills itself now and then while it has it.
import { mkdirSync, rmdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from '../src/benchmark/folder-lock.js';
import { FolderInUseError } from '../src/errors.js';

const [folder, tries] = process.argv.slice(2) as [string, string];
const inside = join(folder, 'inside');
for (let attempt = 0; attempt < Number(tries); attempt++) {
  let release: () => void;
  try {
    release = lockFolder(folder);
  } catch (error) {
    if (!(error instanceof FolderInUseError)) throw error;
    continue;
  }
  try {
    mkdirSync(inside);
  } catch {
    process.exit(3);
  }
  writeSync(1, 'had it\n');
  rmdirSync(inside);
  if (Math.random() < 0.02) process.kill(process.pid, 'SIGKILL');
  release();
}
