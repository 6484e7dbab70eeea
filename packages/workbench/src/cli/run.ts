import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { EngineName } from '@tensor-papers/engine';
import { provision } from '@tensor-papers/engine/install';
import { lockFolder } from '../benchmark/folder-lock.js';
import { runPaper } from '../benchmark/run-paper.js';
import { seedFolder } from '../benchmark/seed-file.js';
import { OutputError, UsageError, WorkbenchError } from '../errors.js';
import { entriesOf, loadRecipes } from '../paper/load-recipes.js';
import { assertWritableFile, assertWritableFolder, resultText, writeResult } from '../result/files.js';
import type { Result } from '../result/schema.js';
import { claimNotes, claimsTable } from './claims-table.js';
import { describeRun } from './describe-run.js';
import { type Interrupt, listenForInterrupt } from './interrupt.js';
import { runProgress } from './progress.js';
import { askedEngine, outFolder, type PlannedRun, planRuns, type RunFlags } from './run-options.js';

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** `papers run`. Returns the exit code. */
export async function run(names: readonly string[], flags: RunFlags): Promise<number> {
  if (flags.json !== undefined && new Set(names).size !== 1) {
    throw new UsageError(`--json goes with exactly one paper, got ${names.length}: ${names.join(', ')}`);
  }
  const asked = askedEngine(flags.engine, process.env);
  const runs = await planRuns(names, flags);
  const out = outFolder(flags, flags.preset);
  if (flags.dryRun) {
    const own = entriesOf(await loadRecipes(flags.papers));
    for (const planned of runs) console.log(describeRun(planned, own));
    console.log(`engine ${asked}; results go to ${flags.json ?? out}; nothing was run`);
    return 0;
  }
  assertWritableFolder(out, '--out');
  for (const { paper } of runs) {
    assertWritableFolder(seedFolder(out, paper.name), '--out');
    if (flags.json === undefined) assertWritableFile(join(out, `${paper.name}.json`), '--out');
    else if (flags.json !== '-') assertWritableFile(resolve(flags.json), '--json');
  }

  const { engine, reasons } = await provision({ env: { ...process.env, TENSOR_PAPERS_ENGINE: asked }, log: say });
  for (const reason of reasons) say(reason);

  const interrupt = listenForInterrupt(say);
  let failed = false;
  try {
    for (const planned of runs) {
      if (interrupt.stop.aborted) break;
      try {
        await runOne(planned, { flags, out, engine, interrupt });
      } catch (error) {
        if (!(error instanceof WorkbenchError)) throw error;
        failed = true;
        say(`papers: ${planned.paper.name}: ${error.message}`);
      }
    }
  } finally {
    interrupt.release();
  }
  return interrupt.exitCode ?? (failed ? 1 : 0);
}

interface Surroundings {
  readonly flags: RunFlags;
  readonly out: string;
  readonly engine: EngineName;
  readonly interrupt: Interrupt;
}

async function runOne(planned: PlannedRun, { flags, out, engine, interrupt }: Surroundings): Promise<void> {
  const { paper, preset, seeds } = planned;
  const { papers, json, resume = false } = flags;
  const { stop, kill } = interrupt;
  const file = json === undefined ? join(out, `${paper.name}.json`) : resolve(json);
  const release = lockFolder(out);
  const progress = runProgress(process.stderr, `${paper.name} ${preset}`, seeds.length);
  let result: Result;
  try {
    result = await runPaper({ ...planned, papers, engine, out, resume, stop, kill, listener: progress });
    if (json !== '-') writeKept(file, result);
  } finally {
    progress.end();
    release();
  }
  if (json === '-') {
    process.stdout.write(resultText(result));
    return;
  }
  if (result.partial)
    say(`${paper.name}: stopped after ${result.seeds.length} of ${seeds.length} seeds; --resume goes on`);
  const table = claimsTable(result);
  if (table !== '') console.log(table);
  for (const note of claimNotes(result, Object.keys(planned.benchmark.presets))) say(note);
  console.log(file);
}

/** Writes a result whose seeds are kept already; one without any replaces nothing. @throws OutputError that says so */
function writeKept(file: string, result: Result): void {
  if (result.seeds.length === 0 && existsSync(file)) {
    say(`no seed was finished: ${file} stays as it was`);
    return;
  }
  try {
    writeResult(file, result);
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    throw new OutputError(`${error.message}\nthe finished seeds are kept: --resume makes the result of them`, {
      cause: error,
    });
  }
}
