import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Codes, packSigns, takeCodes } from '../codes/codes.js';
import { crc32 } from './crc32.js';
import { appendCodes, loadCodes, saveCodes } from './node.js';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'l2h-files-'));
  file = join(folder, 'codes.l2h');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Code i is i in binary, so that every code says where it belongs. */
const counted = (from: number, to: number): Codes =>
  packSigns(
    Array.from({ length: to - from }, (_, i) =>
      Array.from({ length: 40 }, (__, b) => (((from + i) >>> b) & 1 && b < 32 ? 1 : -1)),
    ).flat(),
    40,
  );

describe('appending', () => {
  it('gives what saving everything gives, ids counted or given', async () => {
    await saveCodes(file, { codes: counted(0, 10) });
    await appendCodes(file, counted(10, 11));
    await appendCodes(file, counted(11, 30));
    const loaded = await loadCodes(file);
    expect(loaded.codes).toEqual(counted(0, 30));
    expect(Array.from(loaded.ids)).toEqual(Array.from({ length: 30 }, (_, i) => i));

    await saveCodes(file, { codes: counted(0, 2), ids: [7, 8] });
    await appendCodes(file, counted(2, 4), [99, 1]);
    expect(await loadCodes(file)).toMatchObject({ codes: counted(0, 4), ids: Float64Array.of(7, 8, 99, 1) });
    expect(readdirSync(folder)).toEqual(['codes.l2h']);
  });

  it('refuses what does not fit, and leaves the file as it was', async () => {
    await saveCodes(file, { codes: counted(0, 3) });
    const before = readFileSync(file);
    const narrow = packSigns([1, 1, 1], 3);
    await expect(appendCodes(file, narrow)).rejects.toThrow(/binary of 40 bits, got binary of 3 bits/);
    const quantized = { n: 1, parts: 40, bytes: new Uint8Array(40) };
    await expect(appendCodes(file, quantized)).rejects.toThrow(/binary of 40 bits, got quantised of 40 bytes/);
    await expect(appendCodes(file, counted(3, 4), [7])).rejects.toThrow(/counts its ids; save it anew with ids/);
    await expect(appendCodes(file, counted(3, 5), [7])).rejects.toThrow(/expected 2 ids/);
    expect(readFileSync(file)).toEqual(before);
    await saveCodes(file, { codes: counted(0, 2), ids: [7, 8] });
    await expect(appendCodes(file, counted(2, 3))).rejects.toThrow(/give the new codes ids too/);
    await expect(appendCodes(join(folder, 'none.l2h'), counted(0, 1))).rejects.toThrow(/cannot be written \(ENOENT\)/);
    expect(readdirSync(folder)).toEqual(['codes.l2h']);
  });

  it('goes on behind what a writer left that was ended before its codes counted', async () => {
    await saveCodes(file, { codes: counted(0, 3) });
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(1000, 7)]));
    expect((await loadCodes(file)).codes).toEqual(counted(0, 3));
    await appendCodes(file, counted(3, 5));
    expect((await loadCodes(file)).codes).toEqual(counted(0, 5));
  });
});

describe('two writers', () => {
  it('one has the file, the other is told', async () => {
    await saveCodes(file, { codes: counted(0, 3) });
    mkdirSync(join(`${file}.lock`, `${process.pid}@${encodeURIComponent(hostname())}`), { recursive: true });
    await expect(appendCodes(file, counted(3, 4))).rejects.toThrow(/being written by another process.*delete .*\.lock/);
    await expect(saveCodes(file, { codes: counted(0, 1) })).rejects.toThrow(/being written by another process/);
    expect((await loadCodes(file)).codes.n).toBe(3);
  });

  it('many at once lose nothing: each has appended or was told', async () => {
    await saveCodes(file, { codes: counted(0, 1) });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => appendCodes(file, counted(i + 1, i + 2))),
    );
    const done = outcomes.flatMap(({ status }, i) => (status === 'fulfilled' ? [i + 1] : []));
    expect(done.length).toBeGreaterThan(0);
    const { codes } = await loadCodes(file);
    expect(codes.n).toBe(1 + done.length);
    const expected = takeCodes(counted(0, 9), [0, ...done]);
    expect((codes as Codes).words.toSorted()).toEqual(expected.words.toSorted());
  });

  it('a lock whose process is gone is taken over', async () => {
    await saveCodes(file, { codes: counted(0, 3) });
    const gone = spawn(process.execPath, ['-e', '']);
    await new Promise((ended) => gone.once('exit', ended));
    mkdirSync(join(`${file}.lock`, `${gone.pid}@${encodeURIComponent(hostname())}`), { recursive: true });
    writeFileSync(join(folder, `.codes.l2h.${gone.pid}-0a1b2c3d.tmp`), 'half of a file');
    writeFileSync(join(folder, `.codes.l2h.${process.pid}-0a1b2c3d.tmp`), 'of a writer that lives');
    await appendCodes(file, counted(3, 4));
    expect((await loadCodes(file)).codes.n).toBe(4);
    expect(readdirSync(folder).sort()).toEqual([`.codes.l2h.${process.pid}-0a1b2c3d.tmp`, 'codes.l2h']);
  });
});

describe('a writer that is killed', () => {
  const words = (n: number): Codes => ({ n, bits: 32, words: Uint32Array.from({ length: n }, (_, i) => i) });
  const packageFolder = join(__dirname, '..', '..');

  /** Runs the writer and kills it a moment after it said that so many steps are done; how many codes it said there are. */
  async function written(verb: 'save' | 'append', steps: number, milliseconds: number): Promise<number> {
    const child = spawn(
      process.execPath,
      ['--conditions=@tensor-papers/source', '--import', 'tsx', join('test', 'endless-writer.ts'), file, verb],
      { cwd: packageFolder, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const said: number[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(Number(line));
      if (said.length === steps) setTimeout(() => child.kill('SIGKILL'), milliseconds);
    });
    await new Promise((resolve) => child.once('close', resolve));
    return said.at(-1)!;
  }

  it.each(['append', 'save'] as const)('leaves what was there or what was to be, whole: %s', async (verb) => {
    for (const [steps, milliseconds] of [
      [1, 0],
      [2, 1],
      [5, 3],
    ] as const) {
      const said = await written(verb, steps, milliseconds);
      const { codes } = await loadCodes(file);
      expect(codes).toEqual(words(codes.n));
      expect(said).toBeGreaterThanOrEqual(1000 * (steps + 1));
      expect([said, said + 1000]).toContain(codes.n);
    }
  });
});

describe('reading', () => {
  it('takes no room for what a file only says that it has', async () => {
    await saveCodes(file, { codes: counted(0, 3) });
    const bytes = readFileSync(file);
    bytes.writeUInt32LE(0xfffffff0, 128 + 8);
    bytes.writeUInt32LE(crc32(bytes.subarray(128, 128 + 60)), 128 + 60);
    writeFileSync(file, bytes);
    const before = process.memoryUsage().arrayBuffers;
    await expect(appendCodes(file, counted(0, 1))).rejects.toThrow(/description does not fit its checksum/);
    await expect(loadCodes(file)).rejects.toThrow(/does not fit its checksum/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
    // Another file of any size is refused by its first bytes.
    truncateSync(file, 0);
    truncateSync(file, 2 ** 34);
    await expect(loadCodes(file)).rejects.toThrow(/expected a file of codes, got another format/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
  });

  it('says what is wrong with a file, by its name', async () => {
    await expect(loadCodes(join(folder, 'none'))).rejects.toThrow(/none cannot be read \(ENOENT\)/);
    await expect(loadCodes(folder)).rejects.toThrow(/cannot be read \(EISDIR\)/);
    await expect(saveCodes(join(folder, 'no', 'x'), { codes: counted(0, 1) })).rejects.toThrow(
      /cannot be written \(ENOENT\)/,
    );
    await saveCodes(file, { codes: counted(0, 100) });
    truncateSync(file, 700);
    await expect(loadCodes(file)).rejects.toThrow(/codes\.l2h: expected \d+ bytes, got 700; the file was cut off/);
    await expect(appendCodes(file, counted(0, 1))).rejects.toMatchObject({ code: expect.stringMatching(/^l2h\/file/) });
    writeFileSync(file, '');
    await expect(loadCodes(file)).rejects.toThrow(/a head of 64 bytes, got 0 bytes/);
  });
});
