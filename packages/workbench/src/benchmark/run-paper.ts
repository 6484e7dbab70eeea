import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { EngineName } from '@tensor-papers/engine';
import { MergeError, SeedError } from '../errors.js';
import { canonicalJson, type JsonValue } from '../json.js';
import type { Paper } from '../paper/paper.js';
import { commonSurroundings } from '../result/common-surroundings.js';
import { mergeSeeds } from '../result/merge.js';
import type { Result } from '../result/schema.js';
import { gitCommit, sourceHash } from '../result/source.js';
import { surroundings } from '../result/surroundings.js';
import { removeTemporaries } from '../result/temporary-files.js';
import type { AnyBenchmark, EngineInfo } from './define.js';
import type { PresetName } from './presets.js';
import { runSeeds } from './run-seeds.js';
import {
  differingFields,
  reusableSeed,
  type SeedFile,
  type SeedKey,
  seedFolder,
  seedPath,
  writeSeed,
} from './seed-file.js';
import { spawnSeed } from './spawn-seed.js';
import { wallSeconds } from './wall-seconds.js';

/** Who watches a run. */
export interface RunListener {
  log(line: string): void;
  progress(seed: number, fraction: number, label: string): void;
}

export interface RunOptions {
  /** The folder of papers. */
  readonly papers: string;
  readonly paper: Paper;
  readonly benchmark: AnyBenchmark;
  readonly preset: PresetName;
  readonly seeds: readonly number[];
  readonly engine: EngineName;
  /** Where finished seeds are kept; locked by the caller. */
  readonly out: string;
  /** Use kept seeds that were made by the same sources, configuration and engine. */
  readonly resume: boolean;
  /** The command that repeats the run. */
  readonly command: string;
  readonly stop: AbortSignal;
  readonly kill: AbortSignal;
  readonly listener: RunListener;
}

/**
 * Runs a preset of a paper and merges its seeds; a run that is stopped gives what was finished, marked partial.
 *
 * @throws SeedError when a seed fails (finished seeds are kept); MergeError; BenchmarkContractError
 */
export async function runPaper(options: RunOptions): Promise<Result> {
  const { papers, paper, benchmark, preset, seeds, engine: expected, out, stop, kill, listener } = options;
  const runStartedAt = Date.now();
  const { config } = benchmark.presets[preset]!;
  const folder = join(papers, paper.name);
  const source = { hash: sourceHash(folder), commit: gitCommit(folder) };
  const here = surroundings();
  const keyOf = (engine: EngineInfo): SeedKey => ({
    paper: paper.name,
    preset,
    source: source.hash,
    config: config as JsonValue,
    engine: { ...engine },
  });
  const job = { papers, paper: paper.name, preset, config, engine: expected };

  let engine: EngineInfo | undefined;
  const heardOfEngine = (info: EngineInfo, lines: readonly string[]) => {
    if (!engine) for (const line of lines) listener.log(line);
    engine ??= info;
  };
  const files = new Map<number, SeedFile>();
  removeTemporaries(seedFolder(out, paper.name));

  if (options.resume && seeds.some((seed) => existsSync(seedPath(out, paper.name, seed)))) {
    // Only a process with the engine can tell its version, which kept seeds have to agree with.
    const probe = spawnSeed({ ...job, seed: undefined }, { engine: heardOfEngine, log: listener.log });
    stop.addEventListener('abort', probe.kill, { once: true });
    const end = await probe.end;
    if (!end) throw new SeedError('the run was stopped before it began; kept seeds are as they were');
    for (const seed of seeds) {
      const kept = reusableSeed(out, keyOf(end.engine), seed, listener.log);
      if (kept) files.set(seed, kept);
    }
    if (files.size > 0) listener.log(`${files.size} of ${seeds.length} seeds were finished before and are used again`);
  }
  for (const seed of files.keys()) listener.progress(seed, 1, 'kept');

  const reused = [...files.values()];
  try {
    await runSeeds({
      job,
      seeds: seeds.filter((seed) => !files.has(seed)),
      jobs: Math.max(1, availableParallelism()),
      stop,
      kill,
      listen: (seed) => ({
        engine: heardOfEngine,
        log: (line) => listener.log(`seed ${seed}: ${line}`),
        progress: (fraction, label) => listener.progress(seed, fraction, label),
      }),
      finished: (seed, { outcome, engine: seedEngine, startedAt, endedAt, peakRssBytes }) => {
        const key = keyOf(seedEngine);
        const times = { startedAt, endedAt };
        const { commit } = source;
        const file: SeedFile = { key, seed, outcome: outcome!, ...times, peakRssBytes, commit, surroundings: here };
        if (!hasSources(folder, source.hash)) {
          const note = 'The sources changed while it ran.';
          listener.log(`seed ${seed}: ${note}`);
          file.outcome = { ...file.outcome, notes: [...(file.outcome.notes ?? []), note] };
        }
        writeSeed(out, file);
        files.set(seed, file);
        listener.progress(seed, 1, 'finished');
      },
    });
  } catch (error) {
    if (!(error instanceof SeedError) || files.size === 0) throw error;
    const kept = [...files.keys()].sort((a, b) => a - b).join(', ');
    throw new SeedError(`${error.message}\nfinished seeds are kept (${kept}): --resume uses them`, { cause: error });
  }

  const finished = seeds.flatMap((seed) => files.get(seed) ?? []);
  assertOneEngine(finished);
  return mergeSeeds(benchmark, finished, {
    preset,
    config,
    engine: engine ?? { name: expected, version: 'unknown', threads: 1 },
    claims: paper.claims,
    source,
    command: options.command,
    wallSeconds: wallSeconds([...reused, { startedAt: runStartedAt, endedAt: Date.now() }]),
    peakRssBytes: Math.max(0, ...finished.map(({ peakRssBytes }) => peakRssBytes)),
    partial: finished.length < seeds.length,
    ...commonSurroundings(finished.length > 0 ? finished.map((file) => file.surroundings) : [here]),
  });
}

/** Whether the sources are those; while somebody changes them a file can be missing. */
function hasSources(folder: string, hash: string): boolean {
  try {
    return sourceHash(folder) === hash;
  } catch {
    return false;
  }
}

/** @throws MergeError when the engine was replaced while the seeds ran */
export function assertOneEngine([first, ...others]: readonly SeedFile[]): void {
  for (const { seed, key } of others) {
    if (differingFields(first!.key, key).length === 0) continue;
    throw new MergeError(
      `seeds ${first!.seed} and ${seed} ran on different engines: ${canonicalJson(first!.key.engine)} and ` +
        `${canonicalJson(key.engine)}; --resume runs those of the other engine again`,
    );
  }
}
