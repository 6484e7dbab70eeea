import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import type { Codes } from '../codes/codes.js';
import { appendCodes, loadCodes, saveCodes } from './node.js';

const packageFolder = join(__dirname, '..', '..');

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'l2h-kill-'));
  file = join(folder, 'codes.l2h');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Writer {
  readonly child: ChildProcess;
  /** The lines it has written. */
  readonly said: number[];
  /** Its exit code, or the signal that ended it, once its output is read. */
  readonly ended: Promise<number | string>;
}

/** Starts a program of `test/`; `heard` is told how many lines there are. */
function start(program: string, args: readonly string[], heard: (lines: number) => void = () => {}): Writer {
  const child = spawn(
    process.execPath,
    ['--conditions=@tensor-papers/source', '--import', 'tsx', join('test', program), ...args],
    { cwd: packageFolder, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const said: number[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => heard(said.push(Number(line))));
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal!));
  });
  return { child, said, ended };
}

const words = (n: number): Codes => ({ n, bits: 32, words: Uint32Array.from({ length: n }, (_, i) => i) });

/** What stays in the folder beside the file. */
const leftovers = () => readdirSync(folder).filter((name) => name !== 'codes.l2h');

describe('a writer that is killed', () => {
  it.each(['append', 'save'] as const)('30 times leaves what was there or what was to be, whole: %s', async (verb) => {
    const rng = createRng(`kills while they ${verb}`);
    const steps = new Set<number>();
    for (let kill = 0; kill < 30; kill++) {
      const after = 1 + Math.floor(rng.uniform() * 12);
      const milliseconds = rng.uniform() * 6;
      const { child, said, ended } = start('endless-writer.ts', [file, verb], (lines) => {
        if (lines === after) setTimeout(() => child.kill('SIGKILL'), milliseconds);
      });
      expect(await ended).toBe('SIGKILL');
      const { codes } = await loadCodes(file);
      expect(codes).toEqual(words(codes.n));
      expect([said.at(-1), said.at(-1)! + 1000]).toContain(codes.n);
      steps.add(codes.n - said.at(-1)!);
      // The next writer goes on at once.
      await appendCodes(file, { n: 1, bits: 32, words: Uint32Array.of(codes.n) });
      expect((await loadCodes(file)).codes).toEqual(words(codes.n + 1));
    }
    // Kills came both before and after the last step was done, though not said.
    expect([...steps].sort()).toEqual([0, 1000]);
    await saveCodes(file, { codes: words(1) });
    expect(leftovers().filter((name) => name.endsWith('.tmp') || name.endsWith('.lock'))).toEqual([]);
  });
});

describe('several writers', () => {
  it('append to one file, one of them is killed again and again, and all that was said to be done is there once, in order', async () => {
    await saveCodes(file, { codes: words(0) });
    const batches = 150;
    const writers = [1, 2, 3].map((writer) =>
      start('contending-writer.ts', [file, 'append', `${writer}`, `${batches}`]),
    );
    let isDone = false;
    const reads = readAllTheTime(
      () => isDone,
      () => {},
    );
    const rng = createRng('kills among others');
    const killed: { id: number; said: number[] }[] = [];
    for (let id = 4; id < 14; id++) {
      const after = 1 + Math.floor(rng.uniform() * 10);
      const { child, said, ended } = start('contending-writer.ts', [file, 'append', `${id}`, '10000'], (lines) => {
        if (lines === after) setTimeout(() => child.kill('SIGKILL'), rng.uniform() * 4);
      });
      expect(await ended).toBe('SIGKILL');
      killed.push({ id, said });
    }
    expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0, 0]);
    isDone = true;
    expect(await reads).toBeGreaterThan(10);

    const { codes } = await loadCodes(file);
    const written = batchesOf(codes as Codes);
    for (const writer of [1, 2, 3]) expect(written.get(writer)).toEqual(Array.from({ length: batches }, (_, i) => i));
    for (const { id, said } of killed) {
      const there = written.get(id)!;
      expect(there).toEqual(there.map((_, i) => i));
      // The last one may have been done before it could be said.
      expect([said.length, said.length + 1]).toContain(there.length);
    }
  });

  it('save one file: it is always that of one of them, whole', async () => {
    await saveCodes(file, { codes: { n: 100, bits: 32, words: Uint32Array.from({ length: 100 }, (_, i) => i) } });
    const writers = [1, 2, 3].map((writer) => start('contending-writer.ts', [file, 'save', `${writer}`, '150']));
    let isDone = false;
    const seen = new Set<number>();
    const reads = readAllTheTime(
      () => isDone,
      (codes) => {
        const batches = batchesOf(codes);
        expect([...batches.values()].flat()).toHaveLength(1);
        seen.add([...batches.keys()][0]!);
      },
    );
    expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0, 0]);
    isDone = true;
    expect(await reads).toBeGreaterThan(10);
    expect([...seen].filter((writer) => writer > 0).sort()).toEqual([1, 2, 3]);
    expect(leftovers()).toEqual([]);
  });
});

/** Loads the file until the end; counts how often. A reader never sees a part. */
async function readAllTheTime(isDone: () => boolean, look: (codes: Codes) => void): Promise<number> {
  let reads = 0;
  while (!isDone()) {
    look((await loadCodes(file)).codes as Codes);
    reads++;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return reads;
}

/** The numbers of the batches of each writer, in the order of the file; throws for one that is not whole. */
function batchesOf(codes: Codes): Map<number, number[]> {
  const batches = new Map<number, number[]>();
  for (let at = 0; at < codes.n; at += 100) {
    const first = codes.words[at]!;
    const batch = Array.from(codes.words.subarray(at, at + 100));
    expect(batch).toEqual(Array.from({ length: 100 }, (_, i) => first + i));
    const writer = Math.floor(first / 2 ** 24);
    expect(first % 2 ** 8).toBe(0);
    batches.set(writer, [...(batches.get(writer) ?? []), (first % 2 ** 24) / 2 ** 8]);
  }
  return batches;
}
