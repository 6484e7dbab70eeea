import { SeedError } from '../errors.js';
import type { SeedJob } from './messages.js';
import { type SeedEnd, type SeedListener, type SeedProcess, spawnSeed } from './spawn-seed.js';

export interface SeedsOptions {
  readonly job: Omit<SeedJob, 'seed'>;
  readonly seeds: readonly number[];
  /** Processes side by side. */
  readonly jobs: number;
  /** Stops the seeds: they are told, and ended where they do not listen. */
  readonly stop: AbortSignal;
  /** Ends the seeds at once. */
  readonly kill: AbortSignal;
  /** How long a seed that was told to stop may go on. Default: 5 s. */
  readonly graceMilliseconds?: number;
  readonly listen: (seed: number) => SeedListener;
  /** Hears of each seed that finished, when it does. */
  readonly finished: (seed: number, end: SeedEnd) => void;
}

/**
 * Runs seeds as processes, at most `jobs` side by side. After a failure no further seed starts; those that run go on to their end.
 *
 * @throws SeedError naming every seed that failed
 */
export async function runSeeds(options: SeedsOptions): Promise<void> {
  const { job, seeds, jobs, stop, kill, graceMilliseconds = 5_000, listen, finished } = options;
  const waiting = [...seeds];
  const running = new Set<SeedProcess>();
  const failures: { seed: number; error: unknown }[] = [];
  let grace: NodeJS.Timeout | undefined;
  const killAll = () => {
    for (const seed of running) seed.kill();
  };
  const stopAll = () => {
    for (const seed of running) seed.abort();
    grace = setTimeout(killAll, graceMilliseconds);
  };
  stop.addEventListener('abort', stopAll, { once: true });
  kill.addEventListener('abort', killAll, { once: true });

  async function work(): Promise<void> {
    while (waiting.length > 0 && failures.length === 0 && !stop.aborted) {
      const seed = waiting.shift()!;
      const process = spawnSeed({ ...job, seed }, listen(seed));
      running.add(process);
      try {
        const end = await process.end;
        if (end) finished(seed, end);
        else if (!stop.aborted) throw new SeedError('its process was stopped from outside');
      } catch (error) {
        failures.push({ seed, error });
      } finally {
        running.delete(process);
      }
    }
  }

  try {
    await Promise.all(Array.from({ length: Math.min(jobs, seeds.length) }, work));
  } finally {
    clearTimeout(grace);
    stop.removeEventListener('abort', stopAll);
    kill.removeEventListener('abort', killAll);
  }
  if (failures.length === 0) return;
  const lines = failures.map(({ seed, error }) => `seed ${seed}: ${error instanceof Error ? error.message : error}`);
  throw new SeedError(lines.join('\n'), { cause: failures[0]!.error });
}
