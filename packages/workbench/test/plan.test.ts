import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { shellWord } from '../src/cli/shell-word.js';
import { readResult } from '../src/result/files.js';
import { sourceFlags } from '../src/source-flags.js';
import { papers, runPapers } from './papers-command.js';
import { runShell } from './run-shell.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();

/** A folder with an `npx` that runs this package's command on the made-up papers in place of `npx -y pnpm@10 papers`. */
function programs(): string {
  const bin = join(folder(), 'bin');
  mkdirSync(bin);
  const program = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
  const command = [process.execPath, ...sourceFlags(), program].map(shellWord).join(' ');
  const lines = ['#!/bin/sh', '[ "$1 $2 $3" = "-y pnpm@10 papers" ] || exit 9', 'shift 3'];
  writeFileSync(join(bin, 'npx'), [...lines, `exec ${command} "$@" --papers ${shellWord(papers)}`, ''].join('\n'));
  chmodSync(join(bin, 'npx'), 0o755);
  return bin;
}

it('plans lines that xargs runs side by side, whose parts merge to what one run gives', async () => {
  const out = "it's apart";
  const flags = ['tiny', '--preset', 'standard', '--seed', '4', '--seeds', '3'];
  const planned = await runPapers(folder(), ['plan', ...flags, '--block', '2', '--out', out]);
  expect(planned.code).toBe(0);
  expect(planned.stdout.match(/--seed \d --seeds \d/g)).toEqual(['--seed 4 --seeds 2', '--seed 6 --seeds 1']);
  writeFileSync(join(folder(), 'runs.txt'), planned.stdout);
  const merge = planned.stderr.split('\n').find((line) => line.includes(' merge '))!;
  const env = { PATH: `${programs()}${delimiter}${process.env.PATH}`, TENSOR_PAPERS_ENGINE: 'cpu', NODE_OPTIONS: '' };
  mkdirSync(join(folder(), '.results', 'standard'), { recursive: true });
  const script = `xargs -P 2 -d '\\n' -n 1 bash -c < runs.txt && ${merge}`;
  const [parts, whole] = await Promise.all([
    runShell(folder(), script, env),
    runPapers(folder(), ['run', ...flags, '--json', 'whole.json']),
  ]);
  expect({ ...parts, stdout: '' }).toMatchObject({ code: 0 });
  expect(whole.code).toBe(0);
  const merged = readResult(join(folder(), '.results', 'standard', 'tiny.json'));
  const straight = readResult(join(folder(), 'whole.json'));
  expect(merged.seeds).toEqual([4, 5, 6]);
  for (const field of ['arms', 'claims', 'series', 'figures', 'command'] as const) {
    expect(merged[field]).toEqual(straight[field]);
  }
  // Run again, the list goes on with what is there.
  const before = readFileSync(join(folder(), out, 'tiny-6', '.seeds', 'tiny', '6.json'), 'utf8');
  const again = await runShell(folder(), `tail -n 1 runs.txt | bash`, env);
  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('1 of 1 seeds were finished before') });
  expect(readFileSync(join(folder(), out, 'tiny-6', '.seeds', 'tiny', '6.json'), 'utf8')).toBe(before);
});
