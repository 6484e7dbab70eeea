import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readResult } from '../src/result/files.js';
import type { Result } from '../src/result/schema.js';
import { runPapers, startPapers } from './papers-command.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();
const standard = ['run', 'tiny', '--preset', 'standard'];
const resultFile = () => join(folder(), '.results', 'standard', 'tiny.json');
const keptSeeds = () => {
  const seeds = join(folder(), '.results', 'standard', '.seeds', 'tiny');
  return existsSync(seeds) ? readdirSync(seeds).sort() : [];
};
const started = (stderr: string) =>
  [...stderr.matchAll(/^seed (\d+): starts/gm)].map(([, seed]) => Number(seed)).sort();
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('papers run', () => {
  it('runs seeds as processes, merges them, judges the claims, and uses kept seeds again', async () => {
    const first = await runPapers(folder(), standard);
    expect([first.code, started(first.stderr)]).toEqual([0, [1, 2, 3]]);
    expect(first.stdout).toMatch(/^H1 .* \+[12]\.\d+ pp .* 3 +supported$/m);
    expect(first.stdout).toMatch(/^H3 .* none: seed 1 has no score of arm none$/m);
    expect(first.stdout.trimEnd().split('\n').at(-1)).toBe(resultFile());
    const processes = [...first.stderr.matchAll(/process (\d+)/g)].map(([, pid]) => pid);
    expect(new Set(processes).size).toBe(3);

    const result = readResult(resultFile());
    expect(result).toMatchObject({
      paper: 'tiny',
      seeds: [1, 2, 3],
      engine: { name: 'cpu', threads: 1 },
      command: 'npx -y pnpm@10 papers run tiny --preset standard --seeds 3',
      config: { points: 4 },
      partial: false,
      notes: ['Nothing was trained.'],
      data: [{ id: 'made-up', sha256: 'a'.repeat(64), licence: 'MIT' }],
    });
    expect(result.arms.none).toEqual({ score: [null, expect.any(Number), expect.any(Number)] });
    expect(result.figures.map(({ id }) => id)).toEqual(['scores', 'curve', 'pictures']);
    expect(result.peakRssBytes).toBeGreaterThan(2e7);
    expect(result.source.hash).toMatch(/^[0-9a-f]{64}$/);

    writeFileSync(join(folder(), '.results', 'standard', '.seeds', 'tiny', '2.json'), '{"half');
    const again = await runPapers(folder(), [...standard, '--seeds', '4', '--resume']);
    expect([again.code, started(again.stderr)]).toEqual([0, [2, 4]]);
    expect(again.stderr).toMatch(/seed 2 runs again: .*2\.json: is no JSON/);
    expect(again.stderr).toMatch(/2 of 4 seeds were finished before/);
    const longer = readResult(resultFile());
    expect(longer.seeds).toEqual([1, 2, 3, 4]);
    expect(longer.arms.control!.score!.slice(0, 3)).toEqual(result.arms.control!.score);
  });

  it('writes the result into the named file and nothing else, or to standard output; or one file per paper', async () => {
    const file = join(folder(), 'deep', 'one.json');
    const smoke = ['--preset', 'smoke', '--out'];
    const [named, printed, several] = await Promise.all([
      runPapers(folder(), ['run', 'tiny', ...smoke, 'a', '--json', file]),
      runPapers(folder(), ['run', 'tiny', ...smoke, 'b', '--json', '-']),
      runPapers(folder(), ['run', 'timid', 'tiny', ...smoke, 'c'], { TINY_SEED_1: 'bad' }),
    ]);
    expect([named.code, printed.code, several.code]).toEqual([0, 0, 0]);
    expect([readdirSync(join(folder(), 'deep')), readdirSync(join(folder(), 'a'))]).toEqual([['one.json'], ['.seeds']]);
    const { wallSeconds: _, peakRssBytes: __, ...written } = readResult(file);
    const { wallSeconds: ___, peakRssBytes: ____, ...same } = JSON.parse(printed.stdout) as Result;
    expect(same).toEqual(written);
    expect(same.claims[0]).toMatchObject({ n: 1, verdict: null, reason: expect.stringContaining('smoke preset') });

    const note =
      /^not part of smoke: H3\nsmoke is too small for verdicts; standard gives them: papers run tiny --preset standard$/m;
    expect(named.stdout).toMatch(/^claim .* seeds\nH1 .* 1\nH2 .* 1\n.*one\.json\n$/);
    expect([named.stderr, printed.stderr]).toEqual([expect.stringMatching(note), expect.not.stringMatching(note)]);
    expect(readResult(join(folder(), 'c', 'timid.json')).arms).toEqual({ only: { threads: [1] } });
    expect(several.stdout.split('\n')[0]).toBe(join(folder(), 'c', 'timid.json'));
    const tiny = readResult(join(folder(), 'c', 'tiny.json'));
    expect(tiny.arms.treated!.score).toEqual([null]);
    expect(tiny.notes).toContain('score of arm treated is NaN; kept as null');
  });

  it('ends with the message of a seed that fails, and keeps the others', async () => {
    const [crashed, died, noEngine] = await Promise.all([
      runPapers(folder(), standard, { TINY_SEED_2: 'crash' }),
      runPapers(folder(), ['run', 'tiny', '--preset', 'smoke'], { TINY_SEED_1: 'die' }),
      runPapers(folder(), ['run', 'timid', '--preset', 'smoke', '--engine', 'webgl', '--out', 'webgl']),
    ]);
    expect([crashed.code, died.code, noEngine.code]).toEqual([1, 1, 1]);
    expect(crashed.stderr).toMatch(/seed 2: Error: the seed broke/);
    expect(crashed.stderr).toMatch(/finished seeds are kept \(1\b.*\): --resume/);
    expect([existsSync(resultFile()), keptSeeds()]).toEqual([false, expect.arrayContaining(['1.json'])]);
    expect(died.stderr).toMatch(/seed 1: the process ended with code 7/);
    expect(noEngine.stderr).toMatch(/seed 1: .*webgl/);
  });

  it('says which place cannot be written before anything runs', async () => {
    writeFileSync(join(folder(), 'file'), '');
    const out = await runPapers(folder(), [...standard, '--out', join('file', 'below')]);
    const json = await runPapers(folder(), [...standard, '--json', folder()]);
    expect([out.code, json.code, out.stdout, json.stdout]).toEqual([1, 1, '', '']);
    expect(out.stderr).toMatch(/^papers: --out: .*below cannot be written \(E\w+\); name another place$/m);
    expect(json.stderr).toMatch(/--json: .* is a folder/);
    expect(started(out.stderr + json.stderr)).toEqual([]);
  });
});

describe('Ctrl-C', () => {
  it('keeps what is finished as a partial result; the folder is closed to others meanwhile; --resume goes on', async () => {
    const run = startPapers(folder(), standard, { TINY_SEED_3: 'hang' });
    await run.until((stderr) => stderr.includes('seed 3: starts') && keptSeeds().length === 2);
    const other = await runPapers(folder(), standard);
    expect([other.code, started(other.stderr)]).toEqual([1, []]);
    expect(other.stderr).toMatch(/in use by another run \(process \d+ on/);

    run.signal('SIGINT');
    const { code, stdout } = await run.ended;
    expect(code).toBe(130);
    const partial = readResult(resultFile());
    expect(partial).toMatchObject({ seeds: [1, 2], partial: true });
    expect(partial.claims[0]).toMatchObject({ n: 2, verdict: null, reason: 'the run was stopped early' });
    expect(stdout).toMatch(/none: the run was stopped early/);

    const resumed = await runPapers(folder(), [...standard, '--resume']);
    expect([resumed.code, started(resumed.stderr)]).toEqual([0, [3]]);
    expect(readResult(resultFile())).toMatchObject({ seeds: [1, 2, 3], partial: false });
  });

  it('without a finished seed an earlier result stays', async () => {
    expect((await runPapers(folder(), standard)).code).toBe(0);
    const earlier = readFileSync(resultFile(), 'utf8');
    const run = startPapers(folder(), standard, { TINY_SEED_1: 'hang', TINY_SEED_2: 'hang' });
    await run.until((stderr) => started(stderr).length === 2);
    run.signal('SIGINT');
    const { code, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/no seed was finished: .* stays as it was/);
    expect(readFileSync(resultFile(), 'utf8')).toBe(earlier);
  });

  it('a second time ends seeds that do not listen; without a finished seed the result has no values', async () => {
    const file = join(folder(), 'r.json');
    const run = startPapers(folder(), ['run', 'tiny', '--preset', 'smoke', '--json', file], { TINY_SEED_1: 'deaf' });
    await run.until((stderr) => started(stderr).length === 1);
    run.signal('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 700));
    const pressedAt = performance.now();
    run.signal('SIGINT');
    const { code, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(performance.now() - pressedAt).toBeLessThan(3000);
    expect(isAlive(Number(/process (\d+)/.exec(stderr)![1]))).toBe(false);
    expect(readResult(file)).toMatchObject({
      seeds: [],
      arms: {},
      figures: [],
      partial: true,
      engine: { name: 'cpu' },
    });
  });
});
