import { appendFileSync } from 'node:fs';

/** A log file cannot be written. */
export class LogFileError extends Error {
  readonly code = 'train/log-file';
  override readonly name = 'LogFileError';
}

/** What is done with a {@link LogFileError} in the middle of a run. */
export type LogWarning = (error: LogFileError) => void;

export function logFileError(path: string, cause: unknown, advice: string): LogFileError {
  const reason = (cause as Partial<Error> | undefined)?.message ?? String(cause);
  return new LogFileError(`cannot write the log ${path}: ${reason}; ${advice}`, { cause });
}

/** Does what has to work before a run can start. */
export function beforeRun<Value>(path: string, action: () => Value): Value {
  try {
    return action();
  } catch (cause) {
    throw logFileError(path, cause, 'give a path in a folder that exists and is writable');
  }
}

/** A file that a run appends to: what cannot be written is said once and does not end the run. */
export class LogFile {
  readonly #path: string;
  /** Makes the file whole again after a write that may have left half a record. */
  readonly #mend: () => void;
  readonly #warn: LogWarning;
  #damaged = false;
  #warned = false;

  constructor(path: string, mend: () => void, warn: LogWarning = (error) => console.warn(error.message)) {
    this.#path = path;
    this.#mend = mend;
    this.#warn = warn;
  }

  /** Appends a record; says whether it is in the file. Later records are tried again: a disk may have room again. */
  append(record: string | Uint8Array): boolean {
    try {
      if (this.#damaged) this.#mend();
      this.#damaged = false;
      appendFileSync(this.#path, record);
      return true;
    } catch (cause) {
      this.#damaged = true;
      if (!this.#warned) {
        this.#warned = true;
        this.#warn(logFileError(this.#path, cause, 'the run goes on, records that cannot be written are lost'));
      }
      return false;
    }
  }
}
