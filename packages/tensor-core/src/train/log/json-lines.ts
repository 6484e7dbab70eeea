import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { requireInteger } from '../require-option.js';
import type { TrainLogSink } from './train-log.js';

/** A log file cannot be written. */
export class LogFileError extends Error {
  readonly code = 'train/log-file';
  override readonly name = 'LogFileError';
}

/** Options of {@link jsonLines}. */
export interface JsonLinesOptions {
  /** Fields that every record carries: paper, arm, seed, … */
  readonly run?: Readonly<Record<string, unknown>>;
  /** Log every n-th step as well. Default: epochs only. */
  readonly everySteps?: number;
}

/** Whether a file ends in the middle of a line, as after a kill. */
function endsInsideLine(path: string): boolean {
  const file = openSync(path, 'a+');
  try {
    const { size } = fstatSync(file);
    if (size === 0) return false;
    const last = Buffer.alloc(1);
    readSync(file, last, 0, 1, size - 1);
    return last[0] !== 0x0a;
  } finally {
    closeSync(file);
  }
}

/**
 * Appends a run's events to a file, one JSON object a line: `{ "event": "start" | "step" | "epoch" | "end", "time", … }`.
 *
 * `time` is ISO 8601; `start` has the plan, `epoch` its log and the process's resident and peak memory in bytes, `end` how it
 * ended. Numbers that JSON lacks (NaN, infinity) are written as text. Each record is one write, so a kill costs at
 * most the last line.
 *
 * @throws LogFileError when the file cannot be opened or written; TrainOptionError for a bad `everySteps`
 */
export function jsonLines(path: string, { run = {}, everySteps }: JsonLinesOptions = {}): TrainLogSink {
  if (everySteps !== undefined) requireInteger('jsonLines: everySteps', everySteps, 1);
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new LogFileError(
        `cannot write the log ${path}: ${reason}; give a path in a folder that exists and is writable`,
        {
          cause: error,
        },
      );
    }
  };
  const finish = attempt(() => endsInsideLine(path)) ? '\n' : '';
  if (finish !== '') attempt(() => appendFileSync(path, finish));

  function write(event: string, fields: object): void {
    const record = { event, time: new Date().toISOString(), ...run, ...fields };
    const line = JSON.stringify(record, (_key, value: unknown) =>
      typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
    );
    attempt(() => appendFileSync(path, `${line}\n`));
  }

  return {
    start: (plan) => write('start', plan),
    step: (log) => {
      if (everySteps !== undefined && log.step % everySteps === 0) write('step', log);
    },
    epoch: (log) => {
      const rssBytes = process.memoryUsage.rss();
      // Kilobytes on every platform.
      const peakRssBytes = process.resourceUsage().maxRSS * 1024;
      write('epoch', { ...log, rssBytes, peakRssBytes });
    },
    end: ({ error, ...end }) => {
      write('end', error === undefined ? end : { ...end, error: describeError(error) });
    },
  };
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = (error as { code?: unknown }).code;
  return { name: error.name, ...(typeof code === 'string' ? { code } : {}), message: error.message };
}
