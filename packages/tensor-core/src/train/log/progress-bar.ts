import type { StepLog, TrainLogSink, TrainRun } from './train-log.js';

/** What a progress bar draws on: `process.stderr`, or anything like it. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Options of {@link progressBar}. */
export interface ProgressBarOptions {
  /** Written in front of the bar. */
  readonly label?: string;
}

const REDRAW_MILLISECONDS = 100;
const CLEAR_LINE = '\r\u001b[2K';

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–:––';
  const whole = Math.ceil(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const two = (n: number) => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

function bar(done: number, width: number): string {
  const filled = Math.round(Math.min(1, done) * width);
  return `[${'='.repeat(filled)}${' '.repeat(width - filled)}]`;
}

/**
 * A line that shows epoch, step, loss, throughput (examples a second of this run so far) and the time left.
 *
 * Draws only on a terminal, and not where the variable `CI` is set; elsewhere it writes nothing. At the end of a run it shows
 * the last step and leaves a newline behind; the next run starts anew.
 *
 * @param stream default `process.stderr`
 */
export function progressBar(stream: ProgressStream = process.stderr, options: ProgressBarOptions = {}): TrainLogSink {
  const { label } = options;
  if (!stream.isTTY || process.env.CI) return { epoch: () => {} };

  let run: TrainRun | null = null;
  let start = performance.now();
  let drawn = Number.NEGATIVE_INFINITY;
  let undrawn: StepLog | null = null;
  let examples = 0;
  let steps = 0;

  function line(log: StepLog): string {
    const seconds = (performance.now() - start) / 1000;
    const perEpoch = log.stepsPerEpoch ?? run?.stepsPerEpoch;
    const epochs = run?.epochs ?? log.epoch + 1;
    const total = perEpoch === undefined ? undefined : perEpoch * epochs;
    // Counted over all epochs: a resumed run did not take the steps before itself.
    const done = log.step + 1;
    const left = total === undefined ? Number.NaN : ((total - done) * seconds) / steps;
    const parts = [
      ...(label === undefined ? [] : [label]),
      `epoch ${log.epoch + 1}/${epochs}`,
      ...(total === undefined ? [] : [bar(done / total, 20)]),
      `step ${log.stepOfEpoch + 1}${perEpoch === undefined ? '' : `/${perEpoch}`}`,
      `loss ${log.loss.toPrecision(4)}`,
      `${Math.round(examples / seconds).toLocaleString('en')} examples/s`,
      `ETA ${duration(left)}`,
    ];
    return parts.join('  ').slice(0, Math.max(1, (stream.columns ?? 80) - 1));
  }

  function draw(log: StepLog): void {
    drawn = performance.now();
    undrawn = null;
    stream.write(`${CLEAR_LINE}${line(log)}`);
  }

  return {
    start: (plan) => {
      run = plan;
      start = performance.now();
      drawn = Number.NEGATIVE_INFINITY;
      undrawn = null;
      examples = 0;
      steps = 0;
    },
    step: (log) => {
      examples += log.examples;
      steps += 1;
      if (performance.now() - drawn < REDRAW_MILLISECONDS) undrawn = log;
      else draw(log);
    },
    epoch: () => {},
    end: () => {
      if (undrawn !== null) draw(undrawn);
      if (steps > 0) stream.write('\n');
    },
  };
}
