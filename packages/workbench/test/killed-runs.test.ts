import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { expectResumes, numbersOf, resultFile, runKilledAt, seedsOf, standard, started } from './killed-runs.js';
import { type Command, runPapers, startPapers } from './papers-command.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();
const kept = () =>
  existsSync(seedsOf(folder())) ? readdirSync(seedsOf(folder())).filter((name) => /^\d/.test(name)) : [];

let neverKilled: string;
let numbers: ReturnType<typeof numbersOf>;

beforeAll(async () => {
  neverKilled = mkdtempSync(join(tmpdir(), 'workbench-'));
  expect((await runPapers(neverKilled, standard)).code).toBe(0);
  numbers = numbersOf(resultFile(neverKilled));
});

afterAll(() => rmSync(neverKilled, { recursive: true, force: true }));

it.each([
  ['takes the lock', 'renameSync .*lock', 1, 0],
  ['writes the first seed', 'half .*\\d\\.json', 1, 0],
  ['puts the second seed in its place', 'renameSync .*\\d\\.json', 2, 1],
  ['writes the result', 'half .*tiny\\.json', 1, 3],
])('a run that is killed while it %s resumes to the same numbers', async (_, pattern, times, finished) => {
  expect((await runKilledAt(folder(), pattern, times)).code).toBeNull();
  expect([kept().length, existsSync(resultFile(folder()))]).toEqual([finished, false]);
  await expectResumes(folder(), numbers);
});

/** The process of the third seed, when the others are finished. */
async function thirdSeed(run: Command): Promise<number> {
  let pid = 0;
  await run.until((stderr) => {
    pid = Number(/^seed 3: starts as process (\d+)/m.exec(stderr)?.[1]);
    return pid > 0 && kept().length === 2;
  });
  return pid;
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('a run that is killed leaves no process behind, not even one that computes without a pause', async () => {
  const run = startPapers(folder(), standard, { TINY_SEED_3: 'busy' });
  const pid = await thirdSeed(run);
  run.signal('SIGKILL');
  await run.ended;
  for (let waited = 0; isAlive(pid) && waited < 5000; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(isAlive(pid)).toBe(false);
  await expectResumes(folder(), numbers);
});

it('a seed whose process is killed is named; the others are kept', async () => {
  const run = startPapers(folder(), standard, { TINY_SEED_3: 'deaf' });
  process.kill(await thirdSeed(run), 'SIGKILL');
  const { code, stdout, stderr } = await run.ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    /^papers: tiny: seed 3: the process was ended by SIGKILL \(which the system sends when memory/m,
  );
  expect(stderr).toMatch(/^finished seeds are kept \(1, 2\): --resume uses them$/m);
  expect(existsSync(resultFile(folder()))).toBe(false);
  await expectResumes(folder(), numbers);
});

it('what killed runs left half-written goes; what others write, and what is none of ours, stays', async () => {
  const results = dirname(resultFile(folder()));
  mkdirSync(seedsOf(folder()), { recursive: true });
  const gone = '.tmp-99999999-01234567';
  const living = join(seedsOf(folder()), `.9.json.tmp-${process.pid}-01234567`);
  for (const path of [join(seedsOf(folder()), `.7.json${gone}`), living]) writeFileSync(path, '{"half');
  for (const name of ['.tiny.json', '.probe', '.other.json']) writeFileSync(join(results, `${name}${gone}`), '{"half');
  const { code, stderr } = await runPapers(folder(), standard);
  expect([code, started(stderr)]).toEqual([0, [1, 2, 3]]);
  expect(readdirSync(results).sort()).toEqual([`.other.json${gone}`, '.seeds', 'tiny.json']);
  expect(readdirSync(seedsOf(folder())).sort()).toEqual([basename(living), '1.json', '2.json', '3.json']);
});
