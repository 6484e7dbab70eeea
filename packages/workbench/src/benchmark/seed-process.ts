// One seed in a process of its own: chooses the engine, runs the benchmark's runSeed, hands the outcome to the parent.
import { Worker } from 'node:worker_threads';
import { useEngine } from '@tensor-papers/engine';
import { SeedError } from '../errors.js';
import { loadBenchmark } from '../paper/load-benchmark.js';
import type { EngineInfo } from './define.js';
import type { FromSeed, SeedJob, ToSeed } from './messages.js';
import { checkOutcome } from './outcome.js';

const controller = new AbortController();

function send(message: FromSeed): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send!(message, () => resolve());
  });
}

const log = (line: string) => void send({ type: 'log', line });

/** Kilobytes on every platform. */
const peakRssBytes = () => process.resourceUsage().maxRSS * 1024;

async function chooseEngine(expected: SeedJob['engine']): Promise<EngineInfo> {
  const lines: string[] = [];
  const { name, version, threads } = await useEngine({ engine: expected, log: (line) => lines.push(line) });
  if (name !== expected) {
    throw new SeedError(`expected engine ${expected}, but ${name} answered; see \`papers doctor\``);
  }
  const engine = { name, version, threads };
  await send({ type: 'engine', engine, lines });
  return engine;
}

async function run({ papers, paper, preset, config, seed, engine: expected }: SeedJob): Promise<void> {
  const engine = await chooseEngine(expected);
  const { signal } = controller;
  if (seed === undefined || signal.aborted) {
    return send({ type: 'done', aborted: signal.aborted, peakRssBytes: peakRssBytes() });
  }
  const benchmark = await loadBenchmark(papers, paper);
  const progress = (fraction: number, label: string) =>
    void send({ type: 'progress', fraction: Math.min(1, Math.max(0, fraction)), label });
  const outcome = await benchmark.runSeed({ seed, config, preset, engine, signal, log, progress });
  if (signal.aborted) return send({ type: 'done', aborted: true, peakRssBytes: peakRssBytes() });
  const checked = checkOutcome(outcome, Object.keys(benchmark.arms));
  await send({ type: 'done', outcome: checked, aborted: false, peakRssBytes: peakRssBytes() });
}

/** The message of an error that was foreseen; the stack of any other. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return typeof (error as { code?: unknown }).code === 'string' ? error.message : (error.stack ?? error.message);
}

/** Ends this process with the run's, even while a computation keeps it from hearing of that. */
function endWithParent(): void {
  const watch = `setInterval(() => process.ppid === ${process.ppid} || process.kill(process.pid, 'SIGKILL'), 500)`;
  new Worker(watch, { eval: true, execArgv: [] }).unref();
}

async function start(job: SeedJob): Promise<void> {
  // What was sent is heard even of a run that is gone by now.
  if (!process.connected) process.exit(1);
  endWithParent();
  let code = 0;
  try {
    await run(job);
  } catch (error) {
    if (controller.signal.aborted) {
      await send({ type: 'done', aborted: true, peakRssBytes: peakRssBytes() });
    } else {
      code = 1;
      await send({ type: 'failed', message: describe(error) });
    }
  }
  process.exit(code);
}

// A terminal sends Ctrl-C to this process as well; the parent decides what it means and says so.
process.on('SIGINT', () => controller.abort());
process.on('disconnect', () => process.exit(1));
process.on('message', (message: ToSeed) => {
  if (message.type === 'abort') controller.abort();
  else void start(message.job);
});
