import { resolve } from 'node:path';
import type { EngineName } from '@tensor-papers/engine';
import { engineNames } from '@tensor-papers/engine/install';
import type { AnyBenchmark } from '../benchmark/define.js';
import type { PresetName } from '../benchmark/presets.js';
import { UsageError } from '../errors.js';
import { unknownName } from '../nearest-name.js';
import { readPaper, requirePaper } from '../paper/find-papers.js';
import { checkClaimArms, loadBenchmark } from '../paper/load-benchmark.js';
import type { Paper } from '../paper/paper.js';

/** The flags of `run` and `plan` as they were typed. */
export interface RunFlags {
  readonly papers: string;
  readonly preset: string;
  readonly seed: number;
  readonly seeds?: number;
  readonly engine?: string;
  readonly out?: string;
  readonly json?: string;
  readonly resume?: boolean;
  readonly dryRun?: boolean;
}

/** One paper, and what of it is to run. */
export interface PlannedRun {
  readonly paper: Paper;
  readonly benchmark: AnyBenchmark;
  readonly preset: PresetName;
  readonly seeds: readonly number[];
  /** The command that repeats the run. */
  readonly command: string;
}

/** What --engine and TENSOR_PAPERS_ENGINE take. */
export const engineChoices = ['auto', ...engineNames] as const;

/** The engine that is asked for: a name or `auto`. @throws UsageError with the nearest name */
export function askedEngine(flag: string | undefined, env: NodeJS.ProcessEnv): EngineName | 'auto' {
  const asked = flag ?? (env.TENSOR_PAPERS_ENGINE || 'auto');
  const engine = engineChoices.find((name) => name === asked);
  if (!engine) throw new UsageError(unknownName('engine', asked, engineChoices));
  return engine;
}

/** Where results of a preset go. */
export const outFolder = ({ out }: Pick<RunFlags, 'out'>, preset: string) => resolve(out ?? `.results/${preset}`);

function commandLine(name: string, { preset, seed, engine }: RunFlags, seeds: number): string {
  return [
    `npx -y pnpm@10 papers run ${name} --preset ${preset}`,
    ...(seed === 1 ? [] : [`--seed ${seed}`]),
    `--seeds ${seeds}`,
    ...(engine === undefined ? [] : [`--engine ${engine}`]),
  ].join(' ');
}

/**
 * Looks up what is to run, and finds every mistake that can be found before anything does.
 *
 * @throws UsageError for an unknown paper or preset; PaperError, BenchmarkContractError
 */
export async function planRuns(names: readonly string[], flags: RunFlags): Promise<PlannedRun[]> {
  for (const name of names) requirePaper(flags.papers, name);
  const runs: PlannedRun[] = [];
  for (const name of new Set(names)) {
    const benchmark = await loadBenchmark(flags.papers, name);
    const known = Object.keys(benchmark.presets);
    const preset = flags.preset as PresetName;
    const setUp = benchmark.presets[preset];
    if (!known.includes(preset) || !setUp) throw new UsageError(`${name}: ${unknownName('preset', preset, known)}`);
    const paper = readPaper(flags.papers, name);
    checkClaimArms(name, paper.claims, Object.keys(benchmark.arms));
    const count = flags.seeds ?? setUp.seeds;
    const seeds = Array.from({ length: count }, (_, index) => flags.seed + index);
    runs.push({ paper, benchmark, preset, seeds, command: commandLine(name, flags, count) });
  }
  return runs;
}
