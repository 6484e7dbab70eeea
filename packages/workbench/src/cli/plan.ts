import { presetNames } from '../benchmark/presets.js';
import { UsageError } from '../errors.js';
import { unknownName } from '../nearest-name.js';
import { paperNames, requirePaper } from '../paper/find-papers.js';
import { loadBenchmark } from '../paper/load-benchmark.js';
import { describeRun } from './describe-run.js';
import { planRuns } from './run-options.js';

/** `papers plan`: what every preset (or the named one) of the named papers (or of all) would run. */
export async function plan(
  names: readonly string[],
  { papers, preset }: { papers: string; preset?: string },
): Promise<number> {
  if (preset !== undefined && !presetNames.some((name) => name === preset)) {
    throw new UsageError(unknownName('preset', preset, presetNames));
  }
  for (const name of names) requirePaper(papers, name);
  for (const name of names.length > 0 ? names : paperNames(papers)) {
    const presets = Object.keys((await loadBenchmark(papers, name)).presets);
    for (const each of presetNames) {
      if (!presets.includes(each) || (preset !== undefined && each !== preset)) continue;
      const [run] = await planRuns([name], { papers, preset: each, seed: 1 });
      console.log(describeRun(run!));
    }
  }
  return 0;
}
