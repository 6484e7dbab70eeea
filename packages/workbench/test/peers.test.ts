import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type PeerRow, readPeersFile } from '../src/peers/peers-file.js';
import { runPapers, startPapers } from './papers-command.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();
const file = () => join(folder(), 'peers.json');
/** The sides are programs of node: `--python` names it. */
const args = (...more: string[]) => ['peers', ...more, '--out', file(), '--python', process.execPath];
const env = (more: Record<string, string> = {}) => ({ SIDE_LOG: join(folder(), 'sides'), ...more });
/** The runs of the sides, in order: side, work, process, threads, engine. */
const sides = () =>
  readFileSync(join(folder(), 'sides'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
const rowOf = (work: string): PeerRow | undefined => readPeersFile(file()).rows.find((row) => row.work === work);

describe('papers peers', () => {
  it('runs both sides in turn, each in a fresh process, and writes medians over the pairs', async () => {
    const { code, stdout, stderr } = await runPapers(folder(), args('step/fast'), env());
    expect(code).toBe(0);
    expect(sides().map(([side]) => side)).toEqual(['ours', 'theirs', 'ours', 'theirs', 'ours', 'theirs']);
    expect(new Set(sides().map(([, , pid]) => pid)).size).toBe(6);
    expect(sides().every(([, , , threads, engine]) => threads === '2' && engine === 'cpu')).toBe(true);
    expect(readPeersFile(file()).rows).toEqual([
      {
        work: 'step/fast',
        what: 'A step that takes no time',
        peer: 'made-up',
        peerVersion: '1.0',
        ours: 20,
        theirs: 40,
        unit: 'ms',
        ratio: 0.5,
        ratioMin: 0.25,
        ratioMax: 0.75,
        pairs: 3,
        oursPeakRssBytes: 1002,
        theirsPeakRssBytes: 4000,
        engine: { name: 'cpu', version: '1.2.3' },
        threads: 2,
        machine: expect.objectContaining({ cores: expect.any(Number) }),
      },
    ]);
    expect(stdout).toMatch(/^step\/fast +20 ms +40 ms +0\.5 +0\.25 … 0\.75 +0\.25\d* +3 +cpu 1\.2\.3 +made-up 1\.0$/m);
    expect(stdout.trim().split('\n').at(-1)).toBe(file());
    expect(stderr).toMatch(/^step\/fast {2}pair 2 of 3: ours 10 ms, theirs 40 ms, ratio of times 0\.25$/m);
  });

  it('replaces the rows that it ran and no other; --pairs and --json', async () => {
    expect((await runPapers(folder(), args('step/fast', '--pairs', '1'), env())).code).toBe(0);
    const before = rowOf('step/fast');
    const { code, stdout } = await runPapers(folder(), args('scan/rate', '--pairs', '2', '--json'), env());
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual([rowOf('scan/rate')]);
    // Twice the rate is half the time.
    expect(rowOf('scan/rate')).toMatchObject({ ours: 200, theirs: 100, ratio: 0.5, pairs: 2, threads: 1 });
    expect(rowOf('step/fast')).toEqual(before);
    expect(before).toMatchObject({ pairs: 1, ratio: 0.5 });
  });

  it('--dry-run says what would run, and runs nothing', async () => {
    const { code, stdout } = await runPapers(folder(), [...args(), '--dry-run'], env());
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^step\/fast {2}3 pairs, 2 threads a side, in .*gadget\n {2}ours +\S*node bench\/side\.mjs ours /,
    );
    expect(stdout).toMatch(/nothing was run\n$/);
    expect(existsSync(file()) || existsSync(join(folder(), 'sides'))).toBe(false);
  });
});

describe('what cannot be measured', () => {
  it('unknown work ends with code 2 and the nearest name, a missing Python with 1', async () => {
    const [unknown, none, zero] = await Promise.all([
      runPapers(folder(), args('step/fats')),
      runPapers(folder(), ['peers', '--out', file(), '--python', join(folder(), 'none')]),
      runPapers(folder(), args('--pairs', '0')),
    ]);
    expect(unknown).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^papers: unknown work 'step\/fats' \(did you mean 'step\/fast'\?\); expected one of/,
      ),
    });
    expect(none).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^papers: --python .*ENOENT/) });
    expect(zero).toMatchObject({ code: 2, stderr: expect.stringMatching(/whole number from 1 on/) });
    expect(existsSync(file())).toBe(false);
  });

  it('a side that fails costs its own work only, and ends with code 1', async () => {
    const crash = await runPapers(folder(), args('step/odd', 'scan/rate', '--pairs', '1'), env({ SIDE_ODD: 'crash' }));
    expect(crash.code).toBe(1);
    expect(crash.stderr).toMatch(/papers: step\/odd: ours \(.*\): it ended with code 1: Error: the gadget broke/);
    expect(readPeersFile(file()).rows.map(({ work }) => work)).toEqual(['scan/rate']);

    const [silent, other] = await Promise.all([
      runPapers(folder(), args('step/odd'), { SIDE_ODD: 'silent' }),
      runPapers(folder(), args('step/odd'), { SIDE_ODD: '{"threads":9}' }),
    ]);
    expect([silent.code, silent.stderr]).toEqual([1, expect.stringMatching(/step\/odd: ours: printed no measurement/)]);
    expect([other.code, other.stderr]).toEqual([1, expect.stringMatching(/ran on 9 threads; expected 2/)]);
  });

  it('a bad file of rows is named before anything runs, and stays as it is', async () => {
    writeFileSync(file(), '{"schema":1,"rows":[{"work":"a"}]}');
    const { code, stderr } = await runPapers(folder(), args('step/fast'), env());
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^papers: .*peers\.json: field rows\.0\./)]);
    expect(readFileSync(file(), 'utf8')).toBe('{"schema":1,"rows":[{"work":"a"}]}');
    expect(existsSync(join(folder(), 'sides'))).toBe(false);
  });
});

describe('Ctrl-C', () => {
  it('keeps the works that are finished and drops the one that is not', async () => {
    const run = startPapers(folder(), args('--pairs', '1'), env({ SIDE_ODD: 'hang' }));
    await run.until(() => existsSync(join(folder(), 'sides')) && sides().length === 5);
    run.signal('SIGINT');
    const { code, stderr, stdout } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/2 of 3 works were finished/);
    expect(stdout).toMatch(/^step\/fast .*\nscan\/rate .*\n/m);
    expect(readPeersFile(file()).rows.map(({ work }) => work)).toEqual(['scan/rate', 'step/fast']);
    expect(() => process.kill(Number(sides().at(-1)![2]), 0)).toThrow('ESRCH');
  });

  it('a second time ends a side that does not listen', async () => {
    const run = startPapers(folder(), args('step/odd'), env({ SIDE_ODD: 'deaf' }));
    await run.until(() => existsSync(join(folder(), 'sides')));
    // It becomes deaf right after it has written its line.
    await new Promise((resolve) => setTimeout(resolve, 300));
    run.signal('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 700));
    const pid = Number(sides()[0]![2]);
    expect(() => process.kill(pid, 0)).not.toThrow();
    run.signal('SIGINT');
    expect((await run.ended).code).toBe(130);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(existsSync(file())).toBe(false);
  });
});
