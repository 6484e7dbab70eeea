import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, truncateSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { versionEvent } from './event-record.js';
import { beforeRun, LogFile, type LogWarning } from './log-file.js';
import { tfRecord } from './tf-record.js';

const NAME = /^events\.out\.tfevents\.(\d+)\./;

/** A file name after all others in the folder: readers go through the files in the order of their names. */
function newestName(folder: string, now: number): string {
  const earlier = readdirSync(folder).map((name) => Number(NAME.exec(name)?.[1] ?? 0));
  const seconds = earlier.reduce((latest, time) => Math.max(latest, time + 1), Math.floor(now / 1000));
  const host = hostname().replace(/[^\w.-]/g, '-') || 'localhost';
  return `events.out.tfevents.${String(seconds).padStart(10, '0')}.${host}.${process.pid}`;
}

/** An event file of its own in a folder, which is made where it is missing. Each event is one write. */
export class EventFile {
  readonly path: string;
  readonly #file: LogFile;
  #length = 0;

  /** @throws LogFileError when the file cannot be made */
  constructor(folder: string, warn?: LogWarning) {
    this.path = beforeRun(folder, () => {
      mkdirSync(folder, { recursive: true });
      const path = join(folder, newestName(folder, Date.now()));
      closeSync(openSync(path, 'wx'));
      return path;
    });
    // A reader stops at a record that is not whole: what a failed write left behind has to go.
    this.#file = new LogFile(this.path, () => truncateSync(this.path, this.#length), warn);
    this.append(versionEvent(Date.now() / 1000));
  }

  append(event: Uint8Array): void {
    const record = tfRecord(event);
    if (this.#file.append(record)) this.#length += record.length;
  }

  /** Has the system write to the disk what it still holds. */
  flush(): void {
    try {
      const file = openSync(this.path, 'r+');
      try {
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    } catch {
      // What is lost was said when it was written.
    }
  }
}
