import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PNG } from 'pngjs';
import { sha256Of } from '../checksum.js';
import { type DigitsPlaces, fetchOpencvDigits, loadOpencvDigits } from './opencv-digits.js';

// A sheet of the published size whose pixels tell where they stand, and fake programs that deliver it: no test asks the net.
const value = (x: number, y: number) =>
  (3 * Math.floor(x / 20) + 7 * Math.floor(y / 20) + (x % 20) + 2 * (y % 20)) % 256;
const picture = new PNG({ width: 2000, height: 1000 });
for (let y = 0; y < 1000; y++) {
  for (let x = 0; x < 2000; x++) {
    const at = 4 * (2000 * y + x);
    picture.data.fill(value(x, y), at, at + 3);
    picture.data[at + 3] = 255;
  }
}
const sheet = PNG.sync.write(picture, { colorType: 0, deflateLevel: 1 });

let folder: string;
let env: Record<string, string>;
let places: DigitsPlaces;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'digits-'));
  await mkdir(join(folder, 'bin'));
  env = { PATH: join(folder, 'bin'), TENSOR_PAPERS_CACHE: join(folder, 'cache') };
  places = { sha256: sha256Of(sheet), installed: join(folder, 'installed'), commandMilliseconds: 5000 };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(target: string, bytes: Uint8Array = sheet) {
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'digits.png'), bytes);
}

async function program(name: string, script: string) {
  const path = join(folder, 'bin', name);
  await writeFile(path, `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
  await chmod(path, 0o755);
}

async function fakeDebian(bytes: Uint8Array = sheet) {
  await put(join(folder, 'original'), bytes);
  await program('apt-get', 'touch opencv-doc_4_all.deb');
  const target = '"$3/usr/share/doc/opencv-doc/examples/data"';
  await program('dpkg', `mkdir -p ${target} && cp "${folder}/original/digits.png" ${target}`);
}

describe('opencvDigits', () => {
  it('cuts the sheet into digits: half of each class trains, the other half tests', async () => {
    await put(join(folder, 'installed'));
    const train = await loadOpencvDigits({ split: 'train', env }, places);
    const test = await loadOpencvDigits({ split: 'test', env }, places);
    for (const set of [train, test]) {
      expect(set).toMatchObject({ length: 2500, shape: [20, 20, 1] });
      for (let digit = 0; digit < 10; digit++) expect(set.labels.filter((label) => label === digit)).toHaveLength(250);
    }
    expect(new Set([...train.ids, ...test.ids]).size).toBe(5000);
    expect([train.ids[0], train.ids[51], test.ids[0], test.ids[2499]]).toEqual(['0/0', '1/1', '0/50', '49/99']);
    for (const [set, index, row, column] of [
      [train, 51, 1, 1],
      [test, 2499, 49, 99],
    ] as const) {
      const pixels = await set.images([index]);
      const wanted = Array.from({ length: 400 }, (_, i) =>
        value(20 * column + (i % 20), 20 * row + Math.floor(i / 20)),
      );
      expect(Array.from(pixels)).toEqual(wanted);
    }
  });

  it('takes the user’s own sheet first, then the cache, then the installed package', async () => {
    await put(join(folder, 'installed'));
    expect(await fetchOpencvDigits({ env }, places)).toMatchObject({ source: 'installed package' });
    await put(join(folder, 'cache', 'data', 'opencv-digits'));
    expect(await fetchOpencvDigits({ env }, places)).toMatchObject({ source: 'cache' });
    await put(join(folder, 'own', 'opencv-digits'));
    const own = { ...env, TENSOR_PAPERS_DATA: join(folder, 'own') };
    expect(await fetchOpencvDigits({ env: own }, places)).toMatchObject({
      source: 'user folder',
      sha256: places.sha256,
    });
    await put(join(folder, 'own', 'opencv-digits'), Uint8Array.of(1));
    await expect(fetchOpencvDigits({ env: own }, places)).rejects.toMatchObject({ code: 'data/wrong-checksum' });
  });

  it('brings the Debian package into the cache, replaces a damaged sheet, leaves nothing else', async () => {
    await fakeDebian();
    const cached = join(folder, 'cache', 'data', 'opencv-digits');
    await put(cached, Uint8Array.of(1));
    const lines: string[] = [];
    expect(await fetchOpencvDigits({ env, log: (line) => lines.push(line) }, places)).toMatchObject({
      source: 'Debian package',
      folder: cached,
    });
    expect(lines.join('\n')).toMatch(/cache is damaged[\s\S]*verified.*Apache-2\.0/);
    expect((await readdir(cached)).sort()).toEqual(['LICENCE.txt', 'digits.png']);
    expect(await readdir(join(folder, 'cache', 'data'))).toEqual(['opencv-digits']);
  });

  it('says why it cannot be had, and leaves nothing half-written', async () => {
    await expect(fetchOpencvDigits({ env }, places)).rejects.toThrow(
      /no source could deliver it[\s\S]*apt-get is not installed/,
    );
    await fakeDebian(Uint8Array.of(1, 2));
    await expect(fetchOpencvDigits({ env }, places)).rejects.toMatchObject({ code: 'data/unavailable' });
    expect(await readdir(join(folder, 'cache', 'data'))).toEqual([]);
    await expect(loadOpencvDigits({ split: 'all' as 'test', env }, places)).rejects.toThrow(
      'expected train or test, got all',
    );
  });
});
