import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import { cacheRoot, type Environment, prepareFolder } from '../cache.js';
import { sha256Of } from '../checksum.js';
import type { FetchedDataSet, FetchOptions } from '../data-set-entry.js';
import { ChecksumError, DataUnavailableError } from '../errors.js';
import { imageSet } from '../image-set.js';
import { readGreyPng } from '../readers/png.js';
import { requireName } from '../require-name.js';
import { unpackDebianPackage } from '../sources/debian-package.js';
import type { Recipe } from './recipe.js';

const id = 'opencv-digits';
const file = 'digits.png';
const licence = 'Apache-2.0 and BSD-3-Clause (OpenCV)';
const citation = 'Bradski, The OpenCV Library. Dr. Dobb’s Journal of Software Tools, 2000; samples/data/digits.png';
const classNames = Array.from({ length: 10 }, (_, digit) => String(digit));

/** The sheet: 50 × 100 digits of 20 × 20 pixels, five rows a class. */
const [rows, columns, side] = [50, 100, 20];

/** Where the sheet is looked for outside the cache, and what it has to be; only tests name others. */
export interface DigitsPlaces {
  readonly sha256: string;
  readonly installed: string;
  readonly commandMilliseconds: number;
}

const inPackage = 'usr/share/doc/opencv-doc/examples/data';

export const defaultDigitsPlaces: DigitsPlaces = {
  sha256: '60c917758ef97cc090f35cd8e293e4de691ef942847da0ff80dedab33d57c662',
  installed: `/${inPackage}`,
  commandMilliseconds: 600_000,
};

/** Options of {@link opencvDigits}. */
export interface OpencvDigitsOptions extends FetchOptions {
  /** `train`: the left half of the sheet; `test`: the right half. 2,500 digits each. */
  readonly split: 'train' | 'test';
}

/**
 * OpenCV's handwritten digits: 5,000 grey images of 20 × 20 pixels in ten classes, white on black.
 *
 * The sheet is cut as OpenCV's own tutorial cuts it: the left fifty columns train, the right fifty test, 250 digits of each class on either
 * side. Ids are `row/column` of the sheet. Who wrote which digit is not known. Uses the network only where no copy is found.
 *
 * @throws UnknownDataSetError for another split; DataUnavailableError; ChecksumError; CacheError; the signal's reason
 * @example
 * const test = await opencvDigits({ split: 'test' });
 */
export function opencvDigits(options: OpencvDigitsOptions): Promise<DataSet> {
  return loadOpencvDigits(options, defaultDigitsPlaces);
}

export async function loadOpencvDigits(options: OpencvDigitsOptions, places: DigitsPlaces): Promise<DataSet> {
  const { split } = options;
  requireName('opencvDigits: split', split, ['train', 'test']);
  const { folder } = await fetchOpencvDigits(options, places);
  const sheet = readGreyPng(await readSheet(folder, places), join(folder, file));
  const first = split === 'train' ? 0 : columns / 2;
  const pixels = new Uint8Array((rows * columns * side * side) / 2);
  const labels: number[] = [];
  const ids: string[] = [];
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = first; column < first + columns / 2; column++) {
      for (let y = 0; y < side; y++, at += side) {
        const from = (row * side + y) * sheet.width + column * side;
        pixels.set(sheet.pixels.subarray(from, from + side), at);
      }
      labels.push(Math.floor(row / (rows / 10)));
      ids.push(`${row}/${column}`);
    }
  }
  const source = { id, sha256: places.sha256, licence, citation };
  return imageSet({ pixels, labels, shape: [side, side, 1], classNames, ids, source });
}

/** Folders of this machine that hold the sheet, not verified yet: first the user's own. */
function localFolders(env: Environment, { installed }: DigitsPlaces) {
  const candidates: { readonly source: FetchedDataSet['source']; readonly folder: string }[] = [
    ...(env.TENSOR_PAPERS_DATA ? [{ source: 'user folder' as const, folder: join(env.TENSOR_PAPERS_DATA, id) }] : []),
    { source: 'cache', folder: join(cacheRoot(env), id) },
    { source: 'installed package', folder: installed },
  ];
  return candidates.filter(({ folder }) => existsSync(join(folder, file)));
}

/** @throws ChecksumError */
async function readSheet(folder: string, { sha256 }: DigitsPlaces): Promise<Uint8Array> {
  const bytes = await readFile(join(folder, file));
  const got = sha256Of(bytes);
  if (got === sha256) return bytes;
  throw new ChecksumError(
    `${join(folder, file)}: expected the published picture with sha256 ${sha256}, got ${got}; remove the file to have it fetched again`,
  );
}

/**
 * The sheet in a verified folder: the user's own, the cache, the installed Debian package, or else the Debian package, brought into the
 * cache.
 *
 * @throws DataUnavailableError; ChecksumError for the user's own file; CacheError; the signal's reason
 */
export async function fetchOpencvDigits(
  options: FetchOptions = {},
  places: DigitsPlaces = defaultDigitsPlaces,
): Promise<FetchedDataSet> {
  const { env = process.env, log = () => {}, signal } = options;
  signal?.throwIfAborted();
  const fetched = async (source: FetchedDataSet['source'], folder: string): Promise<FetchedDataSet> => {
    const { length: bytes } = await readSheet(folder, places);
    const { sha256 } = places;
    return { id, folder, source, sha256, files: [{ name: file, bytes, sha256 }], licence, citation };
  };
  for (const { source, folder } of localFolders(env, places)) {
    try {
      return await fetched(source, folder);
    } catch (error) {
      if (source === 'user folder') throw error;
      log(`${id}: ${source} is damaged: ${(error as Error).message}`);
    }
  }
  const folder = join(cacheRoot(env), id);
  const isComplete = () =>
    readSheet(folder, places).then(
      () => true,
      () => false,
    );
  const fill = async (temporary: string) => {
    log(`${id}: apt-get download opencv-doc (96 MB), without installing it`);
    const work = join(temporary, 'apt');
    await mkdir(work);
    try {
      const timeoutMilliseconds = places.commandMilliseconds;
      const tree = await unpackDebianPackage('opencv-doc', work, { env, log, signal, timeoutMilliseconds });
      await readSheet(join(tree, inPackage), places);
      await copyFile(join(tree, inPackage, file), join(temporary, file));
    } catch (error) {
      signal?.throwIfAborted();
      const reason = (error as Error).message;
      throw new DataUnavailableError(
        `${id}: no source could deliver it:\n  Debian package: ${reason}\nPut ${file} into $TENSOR_PAPERS_DATA/${id}/, or install the Debian package opencv-doc.`,
        [{ source: 'Debian package', reason }],
      );
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    await writeFile(join(temporary, 'LICENCE.txt'), `${licence}\n${citation}\n`);
  };
  await prepareFolder({ folder, isComplete, fill });
  log(`${id}: verified, in ${folder}; ${licence}; cite ${citation}`);
  return fetched('Debian package', folder);
}

export const opencvDigitsRecipe: Recipe = {
  entry: {
    id,
    title: 'OpenCV’s handwritten digits',
    licence,
    citation,
    images: rows * columns,
    bytes: 95_715_012,
    sources: [
      `$TENSOR_PAPERS_DATA/${id}`,
      'cache',
      'installed Debian package opencv-doc',
      'apt-get download opencv-doc',
    ],
  },
  isFetched: (env) => localFolders(env, defaultDigitsPlaces).length > 0,
  fetch: (options) => fetchOpencvDigits(options),
};
