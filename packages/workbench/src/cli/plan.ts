import { presetNames } from '../benchmark/presets.js';
import { UsageError } from '../errors.js';
import { unknownName } from '../nearest-name.js';
import { paperNames, requirePaper } from '../paper/find-papers.js';
import { loadBenchmark } from '../paper/load-benchmark.js';
import { askedEngine, type PlannedRun, planRuns, type RunFlags } from './run-options.js';
import { shellWord } from './shell-word.js';

/** The flags of `plan` as they were typed. */
export interface PlanFlags extends Pick<RunFlags, 'papers' | 'preset' | 'seed' | 'seeds' | 'engine'> {
  /** Seeds of one command. */
  readonly block: number;
  /** Where the commands put their results, a folder each. */
  readonly out?: string;
}

const say = (line: string) => void process.stderr.write(`${line}\n`);

/**
 * `papers plan`: the runs of papers as commands, one a line, each a block of seeds in a folder of its own, for whatever runs lines on several
 * processors or machines. How the parts are joined goes to standard error.
 */
export async function plan(names: readonly string[], flags: PlanFlags): Promise<number> {
  if (!presetNames.some((name) => name === flags.preset)) {
    throw new UsageError(unknownName('preset', flags.preset, presetNames));
  }
  if (flags.engine !== undefined) askedEngine(flags.engine, process.env);
  for (const name of names) requirePaper(flags.papers, name);
  const runs: PlannedRun[] = [];
  for (const name of names.length > 0 ? names : paperNames(flags.papers)) {
    // Where no paper is named, those without the preset have nothing to run.
    const known = Object.keys((await loadBenchmark(flags.papers, name)).presets);
    if (names.length > 0 || known.includes(flags.preset)) runs.push(...(await planRuns([name], flags)));
  }
  if (runs.length === 0) {
    throw new UsageError(`no paper in ${flags.papers} has the preset '${flags.preset}'; \`papers list\` names theirs`);
  }
  const parts = flags.out ?? `.results/${flags.preset}/parts`;
  for (const run of runs) {
    for (let from = 0; from < run.seeds.length; from += flags.block) {
      console.log(commandOf(run, run.seeds.slice(from, from + flags.block), parts, flags.engine));
    }
  }
  say('When all are done, from the same folder:');
  for (const { paper, preset } of runs) {
    const results = `${shellWord(`${parts}/${paper.name}-`)}*/${paper.name}.json`;
    say(`npx -y pnpm@10 papers merge ${results} --json .results/${preset}/${paper.name}.json`);
  }
  return 0;
}

/** Going on with what a command that was cut off has finished, so that a list can be run again. */
function commandOf({ paper, preset }: PlannedRun, seeds: readonly number[], parts: string, engine?: string): string {
  return [
    `npx -y pnpm@10 papers run ${paper.name} --preset ${preset} --seed ${seeds[0]} --seeds ${seeds.length}`,
    ...(engine === undefined ? [] : [`--engine ${engine}`]),
    `--out ${shellWord(`${parts}/${paper.name}-${seeds[0]}`)} --resume`,
  ].join(' ');
}
