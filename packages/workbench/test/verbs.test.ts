import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { papers } from '../src/cli/papers.js';
import { readResult } from '../src/result/files.js';
import { type Ended, papers as papersFolder, runPapers } from './papers-command.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();

const spies: { mockRestore(): void }[] = [];
afterEach(() => {
  for (const spy of spies.splice(0)) spy.mockRestore();
});

/** Runs the command in this process. */
async function inProcess(...args: string[]): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  const hear = (add: (text: string) => void) => (text: unknown) => {
    add(String(text));
    return true;
  };
  const out = (text: string) => {
    stdout += text;
  };
  const err = (text: string) => {
    stderr += text;
  };
  spies.push(
    jest.spyOn(process.stderr, 'write').mockImplementation(hear(err)),
    jest.spyOn(process.stdout, 'write').mockImplementation(hear(out)),
    jest.spyOn(console, 'log').mockImplementation((text) => out(`${text}\n`)),
  );
  const code = await papers(args);
  return { code, stdout, stderr };
}

const made = ['--papers', papersFolder];

describe('usage that cannot be meant ends with code 2 and the nearest name', () => {
  it.each([
    [['rnu', 'tiny'], /unknown command 'rnu' \(did you mean 'run'\?\)/],
    [['data', 'lst'], /unknown command 'lst' \(did you mean 'list'\?\)/],
    [['run', 'tiny', '--presett', 'smoke'], /unknown option '--presett' \(did you mean '--preset'\?\)/],
    [['run'], /missing required argument 'name'/],
    [['run', 'tinny', ...made], /unknown paper 'tinny' \(did you mean 'tiny'\?\); expected one of timid, tiny/],
    [['plan', 'timd', ...made], /unknown paper 'timd' \(did you mean 'timid'\?\)/],
    [['plan', '--preset', 'standrd', ...made], /unknown preset 'standrd' \(did you mean 'standard'\?\)/],
    [['run', 'tiny', '--engine', 'tensorfow', ...made], /unknown engine 'tensorfow' \(did you mean 'tensorflow'\?\)/],
    [['run', 'tiny', '--seeds', '0'], /'--seeds <count>' argument '0' is invalid\. Expected a whole number from 1 on/],
    [['run', 'tiny', '--seed', '1.5'], /Expected a whole number from 0 on/],
    [['run', 'tiny', 'timid', '--json', 'f.json', ...made], /--json goes with exactly one paper, got 2: tiny, timid/],
    [['data', 'fetch', 'fashion-mnst'], /unknown data set 'fashion-mnst' \(did you mean 'fashion-mnist'\?\)/],
  ])('%j', async (args, message) => {
    expect(await inProcess(...args)).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
  });

  it('as a program, before anything runs', async () => {
    const ended = await Promise.all([
      runPapers(folder(), ['run', 'tiny', '--preset', 'quik']),
      runPapers(folder(), ['run', 'tiny'], { TENSOR_PAPERS_ENGINE: 'wsm' }),
      runPapers(folder(), []),
    ]);
    expect(ended.map(({ code }) => code)).toEqual([2, 2, 2]);
    expect(ended.map(({ stdout }) => stdout)).toEqual(['', '', '']);
    expect(ended[0].stderr).toMatch(
      /^papers: tiny: unknown preset 'quik' \(did you mean 'quick'\?\); expected one of smoke/,
    );
    expect(ended[1].stderr).toMatch(/unknown engine 'wsm' \(did you mean 'wasm'\?\)/);
    expect(ended[2].stderr).toMatch(/^Usage: papers/);
    expect(readdirSync(folder())).toEqual([]);
  });
});

describe('verbs that only tell', () => {
  it('--help names every verb', async () => {
    const { code, stdout } = await inProcess('--help');
    expect(code).toBe(0);
    for (const verb of ['list', 'run', 'report', 'data', 'engine', 'doctor', 'peers', 'plan', 'merge']) {
      expect(stdout).toMatch(new RegExp(`^  ${verb}\\b`, 'm'));
    }
  });

  it('list, plan and --dry-run write to stdout and no file', async () => {
    const [list, plan, dryRun] = await Promise.all([
      runPapers(folder(), ['list']),
      runPapers(folder(), ['plan', 'tiny', '--preset', 'standard']),
      runPapers(folder(), ['run', 'tiny', '--seed', '5', '--dry-run']),
    ]);
    expect([list.code, plan.code, dryRun.code]).toEqual([0, 0, 0]);
    expect(list.stdout).toMatch(
      /^tiny +A Made-up Paper without Training, Journal of Made-up Results, 2020 +3 +smoke, quick, standard$/m,
    );
    expect(plan.stdout).toMatch(/^tiny {2}preset standard, seeds 1, 2, 3\n {2}arms {4}none, control, treated\n/);
    expect(dryRun.stdout).toMatch(/^tiny {2}preset quick, seeds 5, 6\n[\s\S]*nothing was run\n$/);
    expect(readdirSync(folder())).toEqual([]);
  });

  it('data list names every data set, its licence and whether it is here; data fetch verifies what is shipped', async () => {
    const list = await inProcess('data', 'list');
    expect(list.stdout).toMatch(/^fashion-mnist +70000 .* MIT.* {2}(here|not here) /m);
    expect(list.stdout).toMatch(/^fashion-mnist\/subset +8000 +shipped +MIT.* here /m);
    expect(list.stdout).toMatch(/^cifar-10 +60000 +your own copy +not stated .* {2}(here|not here) /m);
    const fetched = await inProcess('data', 'fetch', 'fashion-mnist/subset');
    expect(fetched).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/fashion-mnist\/subset {2}[0-9a-f]{64} {2}\S+\n$/),
    });
  });
});

describe('papers merge', () => {
  it('makes one result of two runs, and refuses what does not belong together', async () => {
    const run = (out: string, ...flags: string[]) =>
      runPapers(folder(), ['run', 'tiny', '--preset', 'standard', '--out', out, ...flags]);
    const [a, b] = await Promise.all([run('a', '--seeds', '2'), run('b', '--seed', '3', '--seeds', '1')]);
    expect([a.code, b.code]).toEqual([0, 0]);
    const file = (name: string) => join(folder(), name, 'tiny.json');

    const merged = await runPapers(folder(), ['merge', file('b'), file('a'), '--json', 'all.json']);
    expect(merged.code).toBe(0);
    const result = readResult(join(folder(), 'all.json'));
    expect(result).toMatchObject({
      seeds: [1, 2, 3],
      partial: false,
      command: 'npx -y pnpm@10 papers run tiny --preset standard --seed 1 --seeds 3',
    });
    expect(readResult(file('b')).command).toBe('npx -y pnpm@10 papers run tiny --preset standard --seed 3 --seeds 1');
    expect(result.arms.control!.score).toEqual([
      ...readResult(file('a')).arms.control!.score!,
      ...readResult(file('b')).arms.control!.score!,
    ]);
    expect(result.claims[0]).toMatchObject({ n: 3, verdict: 'supported' });
    expect(result.figures.find(({ id }) => id === 'pictures')).toMatchObject({
      rows: [
        [1, 'of seed 1'],
        [2, 'of seed 2'],
        [3, 'of seed 3'],
      ],
    });

    const seeds = await runPapers(folder(), ['merge', join(folder(), 'a', '.seeds', 'tiny', '2.json'), file('b')]);
    expect(JSON.parse(seeds.stdout)).toMatchObject({ seeds: [2, 3] });

    cpSync(file('a'), join(folder(), 'bare.json'));
    const other = JSON.parse(readFileSync(file('a'), 'utf8'));
    writeFileSync(join(folder(), 'other.json'), JSON.stringify({ ...other, seeds: [8, 9], config: { points: 9 } }));
    rmSync(join(folder(), 'all.json'));
    const refused = async (files: string[], message: RegExp) => {
      const { code, stdout, stderr } = await runPapers(folder(), ['merge', ...files, '--json', 'all.json']);
      expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(message) });
    };
    await Promise.all([
      refused([file('a'), file('a')], /seed 1 is in .* and in .*; each seed counts once/),
      refused([file('a'), 'other.json'], /differ in config/),
    ]);
    await Promise.all([
      refused(
        ['bare.json', file('b')],
        /figures of tiny cannot be drawn from .*bare\.json alone.*keep the folder \.seeds/,
      ),
      refused([file('a'), 'none.json'], /none\.json: cannot be read/),
    ]);
    expect(existsSync(join(folder(), 'all.json'))).toBe(false);
  });
});
