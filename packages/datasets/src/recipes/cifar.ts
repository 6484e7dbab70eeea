import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { Environment } from '../cache.js';
import { sha256OfList } from '../checksum.js';
import type { FetchedDataSet, FetchOptions } from '../data-set-entry.js';
import { type DataFormatCode, DataFormatError, DataUnavailableError, type FailedSource } from '../errors.js';
import { imageSet } from '../image-set.js';
import { type CifarImages, joinCifar, readCifarFile } from '../readers/cifar.js';
import { requireName } from '../require-name.js';
import type { Recipe } from './recipe.js';

type Split = 'train' | 'test';

/** Options of {@link cifar10}. */
export interface Cifar10Options extends FetchOptions {
  /** 50,000 published images in `train`, 10,000 in `test`. */
  readonly split: Split;
  /** Your copy: the folder with the files, or the one that holds the unpacked archive. Default `$TENSOR_PAPERS_DATA/cifar-10`. */
  readonly folder?: string;
}

/** Options of {@link cifar100}. */
export interface Cifar100Options extends Cifar10Options {
  /** Which labels: the 100 classes or the 20 superclasses. Default `fine`. The default folder is `$TENSOR_PAPERS_DATA/cifar-100`. */
  readonly labels?: 'fine' | 'coarse';
}

interface Version {
  readonly id: string;
  readonly title: string;
  /** The folder that the published archive unpacks into. */
  readonly unpacked: string;
  readonly files: readonly { readonly name: string; readonly split: Split }[];
  readonly records: { readonly classes: number; readonly coarseClasses?: number };
}

const licence = 'not stated by its authors';
const citation =
  'A. Krizhevsky: Learning Multiple Layers of Features from Tiny Images. Technical report, University of Toronto, 2009';

const version10: Version = {
  id: 'cifar-10',
  title: 'CIFAR-10, binary version',
  unpacked: 'cifar-10-batches-bin',
  files: [
    ...[1, 2, 3, 4, 5].map((batch) => ({ name: `data_batch_${batch}`, split: 'train' as const })),
    { name: 'test_batch', split: 'test' },
  ],
  records: { classes: 10 },
};

const version100: Version = {
  id: 'cifar-100',
  title: 'CIFAR-100, binary version',
  unpacked: 'cifar-100-binary',
  files: [
    { name: 'train', split: 'train' },
    { name: 'test', split: 'test' },
  ],
  records: { classes: 100, coarseClasses: 20 },
};

const shape = [32, 32, 3] as const;

/** The names of the classes 0 … 9 of CIFAR-10. */
const classNames10 = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;

/** 50,000 to train, 10,000 to test, in either version. */
const publishedImages = 60_000;
const maximumNameBytes = 1 << 16;

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

/**
 * CIFAR-10 (Krizhevsky 2009): 32 × 32 colour images of ten kinds of things, from your own copy of the binary version; nothing is
 * downloaded.
 *
 * Ids are `data_batch_1/0` … `test_batch/9999`, the places in the files. The images lie in memory as bytes (154 MB train, 31 MB test).
 * The files have to be whole, but not the published ones: `source.sha256` is the checksum of what all of them held.
 *
 * @throws DataUnavailableError saying where it was looked for and what to do; UnknownDataSetError for another split; DataFormatError;
 *   the signal's reason
 * @example
 * const test = await cifar10({ split: 'test', folder: 'downloads/cifar-10-batches-bin' });
 */
export async function cifar10(options: Cifar10Options): Promise<DataSet> {
  requireName('cifar10: split', options.split, ['train', 'test']);
  const { folder, images, ids, source } = await readSet(version10, options);
  const classNames = (await readNames(folder, 'batches.meta.txt', 10)) ?? classNames10;
  return imageSet({ ...images, shape, classNames, ids, source });
}

/**
 * CIFAR-100 (Krizhevsky 2009): 32 × 32 colour images of 100 classes in 20 superclasses, from your own copy of the binary version;
 * nothing is downloaded.
 *
 * Ids are `train/0` … `test/9999`, the places in the files. Memory and checksum as in {@link cifar10}. Without `fine_label_names.txt` and
 * `coarse_label_names.txt` the classes are called by their numbers.
 *
 * @throws as {@link cifar10}; UnknownDataSetError for other labels
 * @example
 * const train = await cifar100({ split: 'train', labels: 'coarse' });
 */
export async function cifar100(options: Cifar100Options): Promise<DataSet> {
  const { labels: which = 'fine' } = options;
  requireName('cifar100: split', options.split, ['train', 'test']);
  requireName('cifar100: labels', which, ['fine', 'coarse']);
  const { folder, images, ids, source } = await readSet(version100, options);
  const { pixels, labels, coarseLabels } = images;
  const classes = which === 'fine' ? 100 : 20;
  const classNames =
    (await readNames(folder, `${which}_label_names.txt`, classes)) ??
    Array.from({ length: classes }, (_, label) => String(label));
  return imageSet({ pixels, labels: which === 'fine' ? labels : coarseLabels, shape, classNames, ids, source });
}

/** The folders to look in: the one that was named, and what the archive unpacks into inside it. */
function candidates({ id, unpacked }: Version, env: Environment, named?: string): string[] {
  const folder = named ?? (env.TENSOR_PAPERS_DATA ? join(env.TENSOR_PAPERS_DATA, id) : undefined);
  return folder === undefined ? [] : [resolve(folder), resolve(folder, unpacked)];
}

const missingIn = (folder: string, { files }: Version): string[] =>
  files.map(({ name }) => `${name}.bin`).filter((name) => !isFile(join(folder, name)));

/** @throws DataUnavailableError where no folder has all files of the version */
function findFolder(version: Version, env: Environment, named?: string): string {
  const { id, title, unpacked } = version;
  const failed: FailedSource[] = [];
  for (const folder of candidates(version, env, named)) {
    const missing = missingIn(folder, version);
    if (missing.length === 0) return folder;
    failed.push({ source: folder, reason: `no file ${missing.join(', ')}` });
  }
  if (failed.length === 0) failed.push({ source: 'user folder', reason: 'TENSOR_PAPERS_DATA is not set' });
  const reasons = failed.map(({ source, reason }) => `  ${source}: ${reason}`).join('\n');
  throw new DataUnavailableError(
    `${id}: your own copy is needed, nothing delivers it:\n${reasons}\nGet "${title}" from its authors’ page (Alex Krizhevsky, The CIFAR-10 dataset and the CIFAR-100 dataset) and unpack it: the files belong in $TENSOR_PAPERS_DATA/${id}/${unpacked}/, or in the \`folder\` that you name.`,
    failed,
  );
}

/** Reads all files of the set, whichever split is wanted: its checksum is that of the whole. */
async function readSet(version: Version, { folder: named, split, ...options }: Partial<Cifar10Options>) {
  const { env = process.env, log, signal } = options;
  const folder = findFolder(version, env, named);
  const parts: CifarImages[] = [];
  const ids: string[] = [];
  const files: { readonly name: string; readonly bytes: number; readonly sha256: string }[] = [];
  let count = 0;
  for (const file of version.files) {
    const name = `${file.name}.bin`;
    const path = join(folder, name);
    const { sha256, ...images } = await readCifarFile(path, { ...version.records, ...(signal ? { signal } : {}) });
    const { pixels, labels, coarseLabels } = images;
    files.push({ name, bytes: pixels.length + labels.length + coarseLabels.length, sha256 });
    count += labels.length;
    if (file.split !== split) continue;
    parts.push(images);
    for (let i = 0; i < labels.length; i++) ids.push(`${file.name}/${i}`);
  }
  if (count !== publishedImages) {
    log?.(`${version.id}: ${count} images in ${folder}, the published set has ${publishedImages}`);
  }
  const source = { id: version.id, sha256: sha256OfList(files), licence, citation };
  return { folder, files, source, ids, images: parts.length === 1 ? parts[0]! : joinCifar(parts) };
}

/** The names in a text file, one a line, or undefined where there is no such file. */
async function readNames(folder: string, name: string, classes: number): Promise<readonly string[] | undefined> {
  const path = join(folder, name);
  if (!isFile(path)) return undefined;
  const refuse = (code: DataFormatCode, got: string): never => {
    throw new DataFormatError(code, `${path}: expected ${classes} names, one a line, got ${got}`);
  };
  if (statSync(path).size > maximumNameBytes) refuse('data/too-large', `more than ${maximumNameBytes} bytes`);
  const names = (await readFile(path, 'utf8')).split('\n').flatMap((line) => line.trim() || []);
  if (names.length < classes) refuse('data/truncated', String(names.length));
  if (names.length > classes) refuse('data/trailing-bytes', String(names.length));
  return names;
}

async function fetchCifar(version: Version, options: FetchOptions): Promise<FetchedDataSet> {
  const { folder, files, source } = await readSet(version, options);
  return { ...source, folder, source: 'user folder', files };
}

const recipeOf = (version: Version): Recipe => ({
  entry: {
    id: version.id,
    title: version.title,
    licence,
    citation,
    images: publishedImages,
    bytes: undefined,
    sources: [`$TENSOR_PAPERS_DATA/${version.id}`],
  },
  isFetched: (env) => candidates(version, env).some((folder) => missingIn(folder, version).length === 0),
  fetch: (options) => fetchCifar(version, options),
});

export const cifar10Recipe = recipeOf(version10);
export const cifar100Recipe = recipeOf(version100);
