import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { seedPath } from '../src/benchmark/seed-file.js';
import { readResult } from '../src/result/files.js';
import { numbersOf, started } from './killed-runs.js';
import { papers, runPapers, startPapers } from './papers-command.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();
const quick = ['run', 'tiny', '--out', 'out'];
const result = () => join(folder(), 'out', 'tiny.json');
const seed = (number: number) => seedPath(join(folder(), 'out'), 'tiny', number);

describe('a full disk', () => {
  // The limit on the size of a file stands for it. In blocks of 1,024 bytes; the cache of tsx is a file as well.
  const limited = (blocks: number) =>
    runPapers(folder(), quick, { TSX_DISABLE_CACHE: '1' }, { shell: `ulimit -f ${blocks}; exec "$@"` });

  it('in front of a seed: names the file, keeps nothing half-written', async () => {
    const { code, stdout, stderr } = await limited(1);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^(papers: tiny: )?seed 1: output: .*1\.json cannot be written \(EFBIG\); make room there, or name another place$/m,
    );
    expect(readdirSync(join(folder(), 'out'), { recursive: true }).map(String).sort()).toEqual([
      '.seeds',
      join('.seeds', 'tiny'),
    ]);
  });

  it('in front of the result: the one before stays, and --resume makes it of the seeds that are kept', async () => {
    mkdirSync(join(folder(), 'out'));
    writeFileSync(result(), 'the one before');
    const { code, stdout, stderr } = await limited(2);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^papers: tiny: output: .*tiny\.json cannot be written \(EFBIG\); make room there/m);
    expect(stderr).toMatch(/^the finished seeds are kept: --resume makes the result of them$/m);
    expect(readFileSync(result(), 'utf8')).toBe('the one before');
    const resumed = await runPapers(folder(), [...quick, '--resume']);
    expect([resumed.code, started(resumed.stderr)]).toEqual([0, []]);
    expect(readResult(result()).seeds).toEqual([1, 2]);
  });

  const onLinux = existsSync('/dev/full') ? it : it.skip;

  onLinux('behind standard output is said; behind standard error it is no reason to stop', async () => {
    const smoke = (out: string, shell: string) =>
      runPapers(folder(), ['run', 'tiny', '--preset', 'smoke', '--out', out, '--json', '-'], {}, { shell });
    const [out, err, closed] = await Promise.all([
      smoke('a', 'exec "$@" >/dev/full'),
      smoke('b', 'exec "$@" 2>/dev/full'),
      smoke('c', 'set -o pipefail; "$@" | true'),
    ]);
    expect(out).toMatchObject({ code: 1, stderr: expect.stringMatching(/\npapers: standard output .* \(ENOSPC\)\n$/) });
    expect([err.code, JSON.parse(err.stdout).seeds]).toEqual([0, [1]]);
    expect(closed).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/\npapers: standard output .* \(EPIPE\)\n$/),
    });
  });
});

describe('a read-only place', () => {
  /** Root may write anywhere: nobody runs the command then, if that one may read it. */
  const user = process.getuid?.() === 0 ? 65534 : undefined;
  const readable = spawnSync(process.execPath, ['--version'], { cwd: papers, uid: user, gid: user }).status === 0;

  (readable ? it : it.skip).each([
    ['the folder of results', 'out', /--out: \S*out cannot be written \(EACCES\); name another place/],
    ['the folder of seeds', 'out/.seeds/tiny', /--out: \S*tiny cannot be written \(EACCES\); name another place/],
    ['the lock', 'out/.seeds', /out cannot be written \(EACCES\); name another folder with --out/],
    ['the result', 'out/tiny.json', /--out: \S*tiny\.json cannot be written \(EACCES\); name another place/],
  ])('%s is named before anything runs', async (_, place, message) => {
    mkdirSync(join(folder(), 'out', '.seeds', 'tiny'), { recursive: true });
    writeFileSync(result(), '');
    for (const each of ['', 'out', 'out/.seeds', 'out/.seeds/tiny', 'out/tiny.json'])
      chmodSync(join(folder(), each), 0o777);
    chmodSync(join(folder(), place), statSync(join(folder(), place)).isDirectory() ? 0o555 : 0o444);
    const { code, stdout, stderr } = await runPapers(folder(), quick, {}, { user });
    expect({ code, stdout, started: started(stderr) }).toEqual({ code: 1, stdout: '', started: [] });
    expect(stderr).toMatch(message);
  });
});

it('of two runs into one folder one runs, and the other says why it does not', async () => {
  const both = await Promise.all([runPapers(folder(), quick), runPapers(folder(), quick)]);
  const [won, lost] = both.sort((a, b) => a.code! - b.code!);
  expect([won!.code, started(won!.stderr), lost!.code, started(lost!.stderr)]).toEqual([0, [1, 2], 1, []]);
  expect(lost!.stderr).toMatch(/out is in use by another run \(process \d+ on .*\); wait for it, name another folder/);
});

it('seeds that are damaged are named and run again', async () => {
  const four = ['run', 'tiny', '--out', 'out', '--seeds', '4'];
  expect((await runPapers(folder(), four)).code).toBe(0);
  const numbers = numbersOf(result());
  const text = readFileSync(seed(1), 'utf8');
  writeFileSync(seed(1), text.slice(0, text.length / 2));
  writeFileSync(seed(2), readFileSync(seed(2), 'utf8').replace(/"score":\d/, '"score":1'));
  writeFileSync(seed(3), readFileSync(seed(4)));
  const { code, stderr } = await runPapers(folder(), [...four, '--resume']);
  expect([code, started(stderr)]).toEqual([0, [1, 2, 3]]);
  for (const line of [
    /^seed 1 runs again: \S*1\.json: is no JSON/m,
    /^seed 2 runs again: \S*2\.json: was damaged after it was written/m,
    /^seed 3 runs again: \S*3\.json holds seed 4$/m,
    /^1 of 4 seeds were finished before and are used again$/m,
  ]) {
    expect(stderr).toMatch(line);
  }
  expect(numbersOf(result())).toEqual(numbers);
});

describe('what changed', () => {
  /** Papers that can be changed: a copy of tiny. */
  function copyPapers(change: (benchmark: string) => string = (text) => text) {
    const copy = join(folder(), 'papers', 'tiny');
    const file = join(copy, 'bench', 'benchmark.ts');
    if (!existsSync(copy)) {
      cpSync(join(papers, 'tiny'), copy, { recursive: true });
      symlinkSync(join(papers, '..', '..', 'node_modules'), join(copy, 'node_modules'));
      mkdirSync(join(folder(), 'papers', 'node_modules', '@tensor-papers'), { recursive: true });
      symlinkSync(join(papers, '..', '..'), join(folder(), 'papers', 'node_modules', '@tensor-papers', 'workbench'));
    }
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  }
  const args = [...quick, '--papers', 'papers'];

  it('since a seed was kept is named, and the seed runs again', async () => {
    copyPapers();
    expect((await runPapers(folder(), args)).code).toBe(0);
    const preset = await runPapers(folder(), [...args, '--preset', 'smoke', '--resume']);
    expect([preset.code, started(preset.stderr)]).toEqual([0, [1]]);
    expect(preset.stderr).toMatch(/^seed 1 runs again: preset, config changed since it was kept$/m);

    copyPapers((text) => text.replace('points: 3', 'points: 5'));
    const config = await runPapers(folder(), [...args, '--resume']);
    expect([config.code, started(config.stderr)]).toEqual([0, [1, 2]]);
    expect(config.stderr).toMatch(/^seed 2 runs again: source, config changed since it was kept$/m);
    expect(readResult(result()).series[0]!.points).toHaveLength(5);
  });

  it('while a seed ran is said in the result', async () => {
    copyPapers((text) =>
      text.replace(
        "progress(0.5, 'half way');",
        "while (seed === 2 && !(await import('node:fs')).existsSync('go')) await new Promise((then) => setTimeout(then, 20));",
      ),
    );
    const run = startPapers(folder(), args);
    await run.until((stderr) => started(stderr).length === 2 && existsSync(seed(1)));
    copyPapers((text) => `${text}// changed\n`);
    writeFileSync(join(folder(), 'go'), '');
    expect((await run.ended).code).toBe(0);
    expect(readResult(result()).notes).toEqual(['Nothing was trained.', 'seed 2: The sources changed while it ran.']);
  });
});
