import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfList } from '../checksum.js';
import type { FetchedDataSet } from '../data-set-entry.js';
import { ChecksumError } from '../errors.js';
import { packageData } from '../package-data.js';
import { readIdxFile } from '../readers/idx.js';
import { fashionMnistCitation, fashionMnistFiles, fashionMnistLicence } from './fashion-mnist-files.js';

export const subsetId = 'fashion-mnist/subset';
const folder = packageData('fashion-mnist-subset');

/** What `make-fashion-mnist-subset` writes beside the files: sizes and checksums of their contents. */
interface Manifest {
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

/** The shipped images of a split. */
export interface SubsetContents {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  /** Which of the published images these are. */
  readonly indices: readonly number[];
  readonly sha256: string;
}

export function subsetIsThere(): boolean {
  return existsSync(join(folder, 'manifest.json'));
}

async function readManifest(): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
}

/** @throws DataFormatError, ChecksumError where the package's own files were changed */
export async function readSubset(split: 'train' | 'test', signal?: AbortSignal): Promise<SubsetContents> {
  const { files } = await readManifest();
  const read = async (dimensions: 1 | 3) => {
    const { name } = fashionMnistFiles.find((file) => file.split === split && file.dimensions === dimensions)!;
    const path = join(folder, `${name}.gz`);
    const expected = files.find((file) => file.name === name)!;
    const options = { dimensions, maximumBytes: expected.bytes, ...(signal ? { signal } : {}) };
    const { data, sha256 } = await readIdxFile(path, options);
    if (sha256 !== expected.sha256) {
      throw new ChecksumError(`${path}: expected sha256 ${expected.sha256}, got ${sha256}; install the package again`);
    }
    return data;
  };
  const [pixels, labels] = [await read(3), await read(1)];
  const list = await readFile(join(folder, `${split === 'train' ? 'train' : 't10k'}-indices.txt`), 'utf8');
  return { pixels, labels, indices: list.trimEnd().split('\n').map(Number), sha256: sha256OfList(files) };
}

/** Verifies the shipped files. */
export async function fetchSubset(signal?: AbortSignal): Promise<FetchedDataSet> {
  const { files } = await readManifest();
  const { sha256 } = await readSubset('train', signal);
  await readSubset('test', signal);
  const [licence, citation] = [fashionMnistLicence, fashionMnistCitation];
  return { id: subsetId, folder, source: 'shipped', sha256, files, licence, citation };
}
