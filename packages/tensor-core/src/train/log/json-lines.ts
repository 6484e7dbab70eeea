import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { requireInteger } from '../require-option.js';
import { describeError } from './describe-error.js';
import { beforeRun, LogFile, type LogWarning } from './log-file.js';
import { processMemory } from './process-memory.js';
import type { TrainLogSink } from './train-log.js';

export { LogFileError } from './log-file.js';

/** Options of {@link jsonLines}. */
export interface JsonLinesOptions {
  /** Fields that every record carries: paper, arm, seed, … */
  readonly run?: Readonly<Record<string, unknown>>;
  /** Log every n-th step as well. Default: epochs only. */
  readonly everySteps?: number;
  /** Called once, when a record cannot be written. Default: `console.warn`. */
  readonly onWarning?: LogWarning;
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
 * `time` is ISO 8601; `start` has the plan (and `resumedAt` for a run that goes on), `epoch` its log and the process's resident
 * and peak memory in bytes, `end` how it ended. Numbers that JSON lacks (NaN, infinity) are written as text. Each record is one
 * write, so a kill costs at most the last line. A disk that fills up during the run costs records, not the run.
 *
 * @throws LogFileError when the file cannot be opened; TrainOptionError for a bad `everySteps`
 */
export function jsonLines(path: string, { run = {}, everySteps, onWarning }: JsonLinesOptions = {}): TrainLogSink {
  if (everySteps !== undefined) requireInteger('jsonLines: everySteps', everySteps, 1);
  const finishLine = () => {
    if (endsInsideLine(path)) appendFileSync(path, '\n');
  };
  beforeRun(path, finishLine);
  const file = new LogFile(path, finishLine, onWarning);

  function write(event: string, fields: object): void {
    const record = { event, time: new Date().toISOString(), ...run, ...fields };
    const line = JSON.stringify(record, (_key, value: unknown) =>
      typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
    );
    file.append(`${line}\n`);
  }

  return {
    start: (plan) => write('start', plan),
    step: (log) => {
      if (everySteps !== undefined && log.step % everySteps === 0) write('step', log);
    },
    epoch: (log) => write('epoch', { ...log, ...processMemory() }),
    end: ({ error, ...end }) => {
      write('end', error === undefined ? end : { ...end, error: describeError(error) });
    },
  };
}
