import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sha256Of } from '../checksum.js';
import { cifar10, cifar100, fetchDataSet, listDataSets } from '../index.js';

// Made sets of a few records in the published form.

const record = (labels: readonly number[], start: number) => [
  ...labels,
  ...Array.from({ length: 3072 }, (_, i) => (start + 3 * i) % 256),
];
const records = (labels: readonly (readonly number[])[], start: number) =>
  Uint8Array.from(labels.flatMap((of, i) => record(of, start + i)));

const files10: Readonly<Record<string, Uint8Array>> = {
  'data_batch_1.bin': records([[6], [9]], 10),
  'data_batch_2.bin': records([[0]], 20),
  'data_batch_3.bin': records([[1], [1]], 30),
  'data_batch_4.bin': records([[2]], 40),
  'data_batch_5.bin': records([[5]], 50),
  'test_batch.bin': records([[3], [8], [8]], 60),
};
const files100: Readonly<Record<string, Uint8Array>> = {
  'train.bin': records(
    [
      [11, 19],
      [15, 29],
      [4, 0],
    ],
    70,
  ),
  'test.bin': records(
    [
      [10, 49],
      [10, 33],
    ],
    80,
  ),
};
const lines = (count: number, prefix: string) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cifar-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(target: string, files: Readonly<Record<string, Uint8Array | string>>) {
  await mkdir(target, { recursive: true });
  for (const [name, contents] of Object.entries(files)) await writeFile(join(target, name), contents);
  return target;
}

/** The checksum by its definition: of the lines that sha256sum prints for the files in their order. */
const setSha256 = (files: Readonly<Record<string, Uint8Array>>) =>
  sha256Of(
    Buffer.from(
      Object.entries(files)
        .map(([name, bytes]) => `${sha256Of(bytes)}  ${name}\n`)
        .join(''),
    ),
  );

describe('cifar10', () => {
  it('reads the five batches in order, or the test batch', async () => {
    await put(folder, files10);
    const train = await cifar10({ split: 'train', folder });
    expect(train).toMatchObject({ length: 7, shape: [32, 32, 3] });
    expect([...train.labels]).toEqual([6, 9, 0, 1, 1, 2, 5]);
    expect(train.ids).toEqual(['1/0', '1/1', '2/0', '3/0', '3/1', '4/0', '5/0'].map((place) => `data_batch_${place}`));
    expect(train.classNames.slice(0, 3)).toEqual(['airplane', 'automobile', 'bird']);
    const starts = [10, 11, 20, 30, 31, 40, 50];
    for (const [index, start] of starts.entries()) {
      const pixels = await train.images([index]);
      for (const [at, place] of [0, 1024, 2048, 1, 1025, 2049].entries()) {
        expect(pixels[at]).toBe((start + 3 * place) % 256);
      }
    }
    const test = await cifar10({ split: 'test', folder });
    expect([...test.labels]).toEqual([3, 8, 8]);
    expect(test.ids).toEqual(['test_batch/0', 'test_batch/1', 'test_batch/2']);
    expect((await test.images([2]))[0]).toBe(62);
  });

  it('says what it was read from: the same of either split, another with other contents', async () => {
    await put(folder, files10);
    const { source } = await cifar10({ split: 'train', folder });
    expect(source).toMatchObject({ id: 'cifar-10', sha256: setSha256(files10), licence: 'not stated by its authors' });
    expect(source.citation).toMatch(/Krizhevsky.*Tiny Images.*2009/);
    expect((await cifar10({ split: 'test', folder })).source).toEqual(source);
    await put(folder, { 'test_batch.bin': records([[3]], 60) });
    expect((await cifar10({ split: 'train', folder })).source.sha256).not.toBe(source.sha256);
  });

  it('takes the names from the text file, whatever ends its lines', async () => {
    await put(folder, { ...files10, 'batches.meta.txt': `${lines(10, 'kind ').join('\r\n')}\r\n\n` });
    expect((await cifar10({ split: 'test', folder })).classNames).toEqual(lines(10, 'kind '));
  });

  it.each([
    ['too few', lines(9, 'n').join('\n'), 'data/truncated'],
    ['none', '', 'data/truncated'],
    ['too many', lines(11, 'n').join('\n'), 'data/trailing-bytes'],
    ['a file that is no list', 'n'.repeat(65_537), 'data/too-large'],
  ])('refuses %s of the names', async (_, text, code) => {
    await put(folder, { ...files10, 'batches.meta.txt': text });
    await expect(cifar10({ split: 'test', folder })).rejects.toMatchObject({
      code,
      message: expect.stringContaining('batches.meta.txt: expected 10 names'),
    });
  });
});

describe('cifar100', () => {
  it('reads fine labels or coarse ones', async () => {
    await put(folder, {
      ...files100,
      'fine_label_names.txt': lines(100, 'fine ').join('\n'),
      'coarse_label_names.txt': lines(20, 'coarse ').join('\n'),
    });
    const fine = await cifar100({ split: 'train', folder });
    expect([...fine.labels]).toEqual([19, 29, 0]);
    expect(fine.classNames).toEqual(lines(100, 'fine '));
    expect(fine.ids).toEqual(['train/0', 'train/1', 'train/2']);
    expect(fine.source).toMatchObject({ id: 'cifar-100', sha256: setSha256(files100) });
    expect((await fine.images([1]))[1]).toBe((71 + 3 * 1024) % 256);
    const coarse = await cifar100({ split: 'test', labels: 'coarse', folder });
    expect([...coarse.labels]).toEqual([10, 10]);
    expect(coarse.classNames).toEqual(lines(20, 'coarse '));
    expect(coarse.ids).toEqual(['test/0', 'test/1']);
    expect(coarse.source).toEqual(fine.source);
  });

  it('calls the classes by their numbers where there are no names', async () => {
    await put(folder, files100);
    expect((await cifar100({ split: 'test', folder })).classNames).toEqual(lines(100, ''));
    expect((await cifar100({ split: 'test', labels: 'coarse', folder })).classNames).toEqual(lines(20, ''));
  });
});

describe('where it is looked for', () => {
  it('in the folder or what the archive unpacks into inside it, named or by TENSOR_PAPERS_DATA', async () => {
    const env = { TENSOR_PAPERS_DATA: folder };
    const here = (id: string) => listDataSets({ env }).find((entry) => entry.id === id)?.fetched;
    expect([here('cifar-10'), here('cifar-100')]).toEqual([false, false]);
    await put(join(folder, 'cifar-10', 'cifar-10-batches-bin'), files10);
    await put(join(folder, 'cifar-100'), files100);
    expect([here('cifar-10'), here('cifar-100')]).toEqual([true, true]);
    expect((await cifar10({ split: 'test', env })).length).toBe(3);
    expect((await cifar100({ split: 'test', env })).length).toBe(2);
    await put(join(folder, 'downloads', 'cifar-100-binary'), { ...files100, 'test.bin': records([[1, 2]], 0) });
    expect((await cifar100({ split: 'test', env, folder: join(folder, 'downloads') })).length).toBe(1);
    expect(await fetchDataSet('cifar-10', { env })).toMatchObject({
      source: 'user folder',
      folder: join(folder, 'cifar-10', 'cifar-10-batches-bin'),
      sha256: setSha256(files10),
      files: Object.entries(files10).map(([name, bytes]) => ({ name, bytes: bytes.length, sha256: sha256Of(bytes) })),
    });
    expect((await fetchDataSet('cifar-100', { env })).files[0]).toMatchObject({ name: 'train.bin', bytes: 3 * 3074 });
  });

  it('says what to do where no folder is named', async () => {
    const asked = cifar10({ split: 'test', env: {} });
    await expect(asked).rejects.toMatchObject({ code: 'data/unavailable', name: 'DataUnavailableError' });
    await expect(asked).rejects.toThrow(
      /TENSOR_PAPERS_DATA is not set[\s\S]*CIFAR-10, binary version[\s\S]*Krizhevsky[\s\S]*\/cifar-10\/cifar-10-batches-bin\//,
    );
    await expect(fetchDataSet('cifar-100', { env: {} })).rejects.toMatchObject({ code: 'data/unavailable' });
  });

  it('names the files that are missing, a folder in place of one too', async () => {
    const unpacked = await put(join(folder, 'cifar-10-batches-bin'), files10);
    await rm(join(unpacked, 'data_batch_3.bin'));
    await rm(join(unpacked, 'test_batch.bin'));
    await mkdir(join(unpacked, 'test_batch.bin'));
    const error: unknown = await cifar10({ split: 'train', folder }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'data/unavailable' });
    expect((error as { failed: unknown[] }).failed).toEqual([
      { source: folder, reason: `no file ${Object.keys(files10).join(', ')}` },
      { source: unpacked, reason: 'no file data_batch_3.bin, test_batch.bin' },
    ]);
  });

  it('says so where it is not of the published size', async () => {
    await put(folder, files100);
    const heard: string[] = [];
    await cifar100({ split: 'test', folder, log: (line) => heard.push(line) });
    expect(heard).toEqual([`cifar-100: 5 images in ${folder}, the published set has 60000`]);
  });
});

describe('refuses', () => {
  it.each<[string, string, Uint8Array, string]>([
    ['a batch that ends early', 'data_batch_4.bin', files10['data_batch_4.bin']!.subarray(0, 3000), 'data/truncated'],
    ['an empty batch', 'data_batch_5.bin', new Uint8Array(0), 'data/truncated'],
    ['a label of 10', 'data_batch_2.bin', records([[10]], 0), 'data/wrong-label'],
    ['a damaged batch of the other split', 'test_batch.bin', new Uint8Array(3), 'data/truncated'],
  ])('%s, naming the file', async (_, name, bytes, code) => {
    await put(folder, { ...files10, [name]: bytes });
    const expected = { name: 'DataFormatError', code, message: expect.stringContaining(join(folder, name)) };
    await expect(cifar10({ split: 'train', folder })).rejects.toMatchObject(expected);
  });

  it('another split or other labels, with the nearest name', async () => {
    await put(folder, files100);
    await expect(cifar10({ split: 'tets' as 'test', folder })).rejects.toMatchObject({ nearest: 'test' });
    await expect(cifar100({ split: 'valid' as 'test', folder })).rejects.toThrow('expected train or test, got valid');
    await expect(cifar100({ split: 'test', labels: 'corse' as 'coarse', folder })).rejects.toMatchObject({
      code: 'data/unknown-set',
      nearest: 'coarse',
    });
  });

  it('to go on after a signal', async () => {
    await put(folder, files10);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(cifar10({ split: 'train', folder, signal })).rejects.toThrow('enough');
  });
});
