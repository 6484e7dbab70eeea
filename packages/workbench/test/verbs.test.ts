import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { presetNames } from '../src/benchmark/presets.js';
import { papers } from '../src/cli/papers.js';
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
    [
      ['run', 'tiny', '--presett', 'smoke'],
      /unknown option '--presett' \(did you mean '--preset'\?\); expected one of --preset, --seed, /,
    ],
    [
      ['lst'],
      /unknown command 'lst' \(did you mean 'list'\?\); expected one of list, run, report, plan, merge, data, /,
    ],
    [['data', 'zzz'], /unknown command 'zzz'; expected one of list, fetch$/m],
    [['run', ...made], /missing required argument 'name'; expected one or more of timid, tiny$/m],
    [
      ['peers', 'step', ...made],
      /unknown work 'step': no package in \S+papers is compared .* bench\/peers\/peers\.json in/,
    ],
    [['merge', ...made], /missing required argument 'file'$/m],
    [['data', 'fetch', ...made], /missing required argument 'id'; expected one or more of fashion-mnist, .*, dots$/m],
    [['report', '--results', 'nowhere', ...made], /--results nowhere: expected a folder of results, there is none/],
    [['run', 'tinny', ...made], /unknown paper 'tinny' \(did you mean 'tiny'\?\); expected one of timid, tiny/],
    [['plan', 'timd', ...made], /unknown paper 'timd' \(did you mean 'timid'\?\)/],
    [
      ['plan', '--preset', 'study', ...made],
      /no paper in \S+papers has the preset 'study'; `papers list` names theirs/,
    ],
    [['plan', 'tiny', '--engine', 'tensorfow', ...made], /unknown engine 'tensorfow' \(did you mean 'tensorflow'\?\)/],
    [['plan', 'tiny', '--block', '0', ...made], /'--block <count>' argument '0' is invalid/],
    [['plan', '--preset', 'standrd', ...made], /unknown preset 'standrd' \(did you mean 'standard'\?\)/],
    [['run', 'tiny', '--engine', 'tensorfow', ...made], /unknown engine 'tensorfow' \(did you mean 'tensorflow'\?\)/],
    [['run', 'tiny', '--seeds', '0'], /'--seeds <count>' argument '0' is invalid\. Expected a whole number from 1 on/],
    [['run', 'tiny', '--seed', '1.5'], /Expected a whole number from 0 on/],
    [['run', 'tiny', 'timid', '--json', 'f.json', ...made], /--json goes with exactly one paper, got 2: tiny, timid/],
    [['data', 'fetch', 'dost', ...made], /unknown data set 'dost' \(did you mean 'dots'\?\)/],
    [['data', 'fetch', 'fashion-mnst', ...made], /unknown data set 'fashion-mnst' \(did you mean 'fashion-mnist'\?\)/],
  ])('%j', async (args, message) => {
    expect(await inProcess(...args)).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
  });

  it('without a verb: the help, and what was expected', async () => {
    const [none, data] = [await inProcess(), await inProcess('data')];
    expect(none).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(/^Usage: papers <command>/) });
    expect(none.stderr).toMatch(/\npapers: expected a verb, got none; one of list, run, .*peers\n$/);
    expect(data).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(/^Usage: papers data/) });
    expect(data.stderr).toMatch(/\npapers: expected a verb, got none; one of list, fetch\n$/);
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
    for (const preset of presetNames) expect(stdout).toMatch(new RegExp(`^  ${preset} +\\S`, 'm'));
  });

  it.each(['run', 'plan', 'merge', 'data'])('%s --help shows examples that the verb takes', async (verb) => {
    const { code, stdout } = await inProcess(verb, '--help');
    expect(code).toBe(0);
    const lines = stdout.slice(stdout.indexOf('Example')).split('\n');
    expect(lines.some((line) => line.startsWith(`  papers ${verb} `))).toBe(true);
    const named = lines.flatMap((line) => line.match(/(?<= )--[a-z]+/g) ?? []);
    for (const flag of named) expect(stdout).toMatch(new RegExp(`^  ${flag}\\b`, 'm'));
  });

  it.each([[['run']], [['plan']], [[]]])(
    '%j --help names the engines that the error for a wrong one names',
    async (verb) => {
      const wrong = await inProcess('run', 'tiny', '--engine', 'steam', ...made);
      const engines = /expected one of (auto, .*)\n$/.exec(wrong.stderr)![1]!;
      const { stdout } = await inProcess(...verb, '--help');
      expect(stdout.replace(/\s+/g, ' ')).toMatch(new RegExp(`(--engine <name>|TENSOR_PAPERS_ENGINE) ${engines} `));
    },
  );

  it('peers says where it looked when nothing is declared', async () => {
    const said = expect.stringMatching(
      /^no package in \S+papers is compared with a peer yet; a bench\/peers\/peers\.json /,
    );
    expect(await inProcess('peers', ...made)).toEqual({ code: 0, stdout: '', stderr: said });
  });

  it('list says where it looked for papers when there are none', async () => {
    const { code, stdout, stderr } = await inProcess('list', '--papers', folder());
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^paper +year .*\n$/)]);
    expect(stderr).toBe(`no papers in ${folder()}: expected folders that have a paper.json\n`);
  });

  it('wrong usage says where to read on', async () => {
    expect((await inProcess('run', '--presett')).stderr).toMatch(/\nUsage and examples: papers run --help\n$/);
    expect((await inProcess('rnu')).stderr).toMatch(/\nUsage and examples: papers --help\n$/);
    expect((await inProcess('data', 'fetch')).stderr).toMatch(/\nUsage and examples: papers data --help\n$/);
  });

  it('list, plan and --dry-run write to stdout and no file', async () => {
    const [list, plan, dryRun] = await Promise.all([
      runPapers(folder(), ['list']),
      runPapers(folder(), ['plan', 'tiny', '--preset', 'standard']),
      runPapers(folder(), ['run', 'tiny', '--seed', '5', '--dry-run']),
    ]);
    expect([list.code, plan.code, dryRun.code]).toEqual([0, 0, 0]);
    expect(list.stdout).toMatch(/^tiny +2020 +3 +smoke, quick, standard +A Made-up Paper without Training$/m);
    const part = (seed: number) =>
      `npx -y pnpm@10 papers run tiny --preset standard --seed ${seed} --seeds 1 --out .results/standard/parts/tiny-${seed} --resume\n`;
    expect(plan.stdout).toBe([1, 2, 3].map(part).join(''));
    expect(plan.stderr).toContain(
      'npx -y pnpm@10 papers merge .results/standard/parts/tiny-*/tiny.json --json .results/standard/tiny.json\n',
    );
    expect(dryRun.stdout).toMatch(
      /^tiny {2}preset quick, seeds 5, 6\n {2}arms {4}none, control, treated\n[\s\S]*nothing was run\n$/,
    );
    expect(dryRun.stdout).toMatch(
      /^ {2}data {4}made-up \(neither in the catalogue nor a paper's own: `papers data list` names what there is\)$/m,
    );
    expect(readdirSync(folder())).toEqual([]);
  });

  it('data list names every data set, its licence and whether it is here; data fetch verifies what is shipped', async () => {
    const list = await inProcess('data', 'list', ...made);
    expect(list.stdout).toMatch(/^fashion-mnist +70000 .* MIT.* {2}(here|not here) /m);
    expect(list.stdout).toMatch(/^fashion-mnist\/subset +8000 +shipped +MIT.* here /m);
    expect(list.stdout).toMatch(/^cifar-10 +60000 +your own copy +not stated .* {2}(here|not here) /m);
    expect(list.stdout).toMatch(/^dots +3 +shipped +CC0-1\.0 +here +Made-up dots$/m);
    const fetched = await inProcess('data', 'fetch', 'fashion-mnist/subset', 'dots', ...made);
    expect(fetched).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^fashion-mnist\/subset {2}[0-9a-f]{64} {2}\S+\ndots {2}d{64} {2}nowhere\n$/),
    });
  });
});
