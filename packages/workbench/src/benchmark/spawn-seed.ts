import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SeedError } from '../errors.js';
import { sourceFlags } from '../source-flags.js';
import type { EngineInfo } from './define.js';
import type { FromSeed, SeedJob, ToSeed } from './messages.js';
import type { SeedOutcome } from './outcome.js';

const program = fileURLToPath(new URL('./seed-process.ts', import.meta.url));

/** What a seed's process came to. */
export interface SeedEnd {
  readonly engine: EngineInfo;
  /** undefined where the process was only asked for its engine. */
  readonly outcome: SeedOutcome | undefined;
  readonly peakRssBytes: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface SeedListener {
  /** The engine that answered, and what it has to say. */
  engine?(engine: EngineInfo, lines: readonly string[]): void;
  log?(line: string): void;
  progress?(fraction: number, label: string): void;
}

const hints: Partial<Record<NodeJS.Signals, string>> = { SIGKILL: ' (which the system sends when memory runs out)' };

/** A running seed. */
export interface SeedProcess {
  /** undefined when the seed was stopped. @throws SeedError when the process fails */
  readonly end: Promise<SeedEnd | undefined>;
  /** Tells the seed to stop. */
  abort(): void;
  /** Ends the process without asking it. */
  kill(): void;
}

/** Runs one seed in a process with one engine thread. */
export function spawnSeed(job: SeedJob, listener: SeedListener = {}): SeedProcess {
  const startedAt = Date.now();
  const child = fork(program, [], {
    execArgv: sourceFlags(),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    env: {
      ...process.env,
      TENSOR_PAPERS_ENGINE: job.engine,
      TENSOR_PAPERS_THREADS: '1',
      TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? '2',
    },
  });
  // What a library prints is for the person who watches: stdout of the run is data.
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => listener.log?.(line));
  }

  let told = false;
  let engine: EngineInfo | undefined;
  let done: Extract<FromSeed, { type: 'done' }> | undefined;
  let failure: string | undefined;
  const send = (message: ToSeed) => child.connected && child.send(message, () => {});

  child.on('message', (message: FromSeed) => {
    if (message.type === 'log') listener.log?.(message.line);
    else if (message.type === 'progress') listener.progress?.(message.fraction, message.label);
    else if (message.type === 'failed') failure = message.message;
    else if (message.type === 'done') done = message;
    else {
      engine = message.engine;
      listener.engine?.(engine, message.lines);
    }
  });

  const end = new Promise<SeedEnd | undefined>((resolve, reject) => {
    child.on('error', (error) => {
      failure ??= error.message;
      if (child.pid === undefined) reject(new SeedError(failure));
    });
    child.on('close', (code, signal) => {
      const times = { startedAt, endedAt: Date.now() };
      if (engine && done && !done.aborted) {
        const { outcome, peakRssBytes } = done;
        resolve({ engine, outcome, peakRssBytes, ...times });
      } else if (told || done?.aborted || signal === 'SIGINT') {
        // Ctrl-C in a terminal can reach a process that is just starting before it reaches us.
        resolve(undefined);
      } else {
        const how = signal ? `was ended by ${signal}${hints[signal] ?? ''}` : `ended with code ${code}`;
        reject(new SeedError(failure ?? `the process ${how} before it had a result; its last lines stand above`));
      }
    });
  });
  send({ type: 'start', job });
  return {
    end,
    abort: () => {
      told = true;
      send({ type: 'abort' });
    },
    kill: () => {
      told = true;
      child.kill('SIGKILL');
    },
  };
}
