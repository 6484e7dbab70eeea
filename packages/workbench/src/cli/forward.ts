import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { repository } from '../paper/find-papers.js';
import { sourceFlags } from '../source-flags.js';

/** Runs another program of the repository with our input and output; gives its exit code. */
function forward(args: readonly string[]): Promise<number> {
  return new Promise((done, fail) => {
    // Ctrl-C is for the program to answer.
    const ignore = () => {};
    process.on('SIGINT', ignore);
    const child = spawn(process.execPath, args, { stdio: 'inherit' });
    child.on('error', fail);
    child.on('close', (code, signal) => {
      process.off('SIGINT', ignore);
      done(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** `papers engine …`: the command of the engine package. */
export function engine(args: readonly string[]): Promise<number> {
  const manifest = createRequire(import.meta.url).resolve('@tensor-papers/engine/package.json');
  return forward([join(dirname(manifest), 'install', 'cli.mjs'), ...args]);
}

export interface ReportFlags {
  readonly papers: string;
  readonly results?: string;
  readonly demo: string;
  readonly api: string;
  readonly out: string;
}

/** `papers report`: the site of results. @throws UsageError for a folder of results that is not there */
export async function report({ papers, results, demo, api, out }: ReportFlags): Promise<number> {
  if (results !== undefined && !existsSync(resolve(results))) {
    throw new UsageError(
      `--results ${results}: expected a folder of results, there is none; leave it out for the repository's`,
    );
  }
  const folders = {
    '--results': results === undefined ? join(repository, 'results') : resolve(results),
    '--demo': resolve(demo),
    '--api': resolve(api),
    '--papers': papers,
    '--out': resolve(out),
  };
  return forward([
    ...sourceFlags(),
    join(repository, 'apps', 'benchmarks', 'src', 'main.ts'),
    ...Object.entries(folders).flat(),
  ]);
}
