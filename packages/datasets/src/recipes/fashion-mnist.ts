import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { FetchOptions } from '../data-set-entry.js';
import { imageSet } from '../image-set.js';
import { requireName } from '../require-name.js';
import {
  fashionMnistCitation,
  fashionMnistClassNames,
  fashionMnistFiles,
  fashionMnistLicence,
} from './fashion-mnist-files.js';
import {
  defaultPlaces,
  fetchFashionMnist,
  localFolders,
  type Places,
  readPublished,
  sha256OfSet,
} from './fashion-mnist-sources.js';
import { fetchSubset, readSubset, subsetId, subsetIsThere } from './fashion-mnist-subset.js';
import type { Recipe } from './recipe.js';

/** Options of {@link fashionMnist}. */
export interface FashionMnistOptions extends FetchOptions {
  /** `train` (60,000; subset 6,000) or `test` (10,000; subset 2,000). */
  readonly split: 'train' | 'test';
  /** `subset` ships with this package and is class-balanced; `full` is fetched where it is not on this machine yet. */
  readonly variant: 'full' | 'subset';
  /** Cache folder to use in place of `TENSOR_PAPERS_CACHE`. */
  readonly cache?: string;
}

const description = { title: 'Fashion-MNIST', licence: fashionMnistLicence, citation: fashionMnistCitation };

/**
 * Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): 28 × 28 grey images of clothes in ten classes.
 *
 * Ids are `train/0` … `test/9999`, the places in the published files, in the subset too. The images lie in memory as bytes
 * (full: 47 MB train, 8 MB test). Only `full`, and only where no copy is found, uses the network.
 *
 * @throws UnknownDataSetError for another split or variant; DataUnavailableError; ChecksumError; DataFormatError; CacheError; the
 *   signal's reason
 * @example
 * const train = await fashionMnist({ split: 'train', variant: 'subset' });
 */
export function fashionMnist(options: FashionMnistOptions): Promise<DataSet> {
  return loadFashionMnist(options, defaultPlaces);
}

export async function loadFashionMnist(options: FashionMnistOptions, places: Places): Promise<DataSet> {
  const { split, variant, cache, signal } = options;
  requireName('fashionMnist: split', split, ['train', 'test']);
  requireName('fashionMnist: variant', variant, ['full', 'subset']);
  const shape = [28, 28, 1] as const;
  const { licence, citation } = description;
  if (variant === 'subset') {
    const { pixels, labels, indices, sha256 } = await readSubset(split, signal);
    const ids = indices.map((index) => `${split}/${index}`);
    const source = { id: subsetId, sha256, licence, citation };
    return imageSet({ pixels, labels, shape, classNames: fashionMnistClassNames, ids, source });
  }
  const env = { ...(options.env ?? process.env), ...(cache === undefined ? {} : { TENSOR_PAPERS_CACHE: cache }) };
  const [pixels, labels] = await readFull(split, { ...options, env }, places);
  const ids = Array.from(labels, (_, index) => `${split}/${index}`);
  const source = { id: 'fashion-mnist', sha256: sha256OfSet(places), licence, citation };
  return imageSet({ pixels, labels, shape, classNames: fashionMnistClassNames, ids, source });
}

/** Pixels and labels of a split, from this machine where its two files are whole, otherwise after a fetch. */
async function readFull(
  split: 'train' | 'test',
  options: FetchOptions,
  places: Places,
): Promise<[Uint8Array, Uint8Array]> {
  const { env = process.env, signal, log } = options;
  const files = places.files.filter((file) => file.split === split);
  const read = async (folder: string): Promise<[Uint8Array, Uint8Array]> => [
    await readPublished(folder, files.find(({ dimensions }) => dimensions === 3)!, signal),
    await readPublished(folder, files.find(({ dimensions }) => dimensions === 1)!, signal),
  ];
  for (const { source, folder } of localFolders(env, places)) {
    try {
      return await read(folder);
    } catch (error) {
      signal?.throwIfAborted();
      if (source === 'user folder') throw error;
      log?.(`fashion-mnist: ${source} is damaged: ${(error as Error).message}`);
    }
  }
  return read((await fetchFashionMnist(options, places)).folder);
}

export const fashionMnistRecipe: Recipe = {
  entry: {
    id: 'fashion-mnist',
    ...description,
    images: 70_000,
    bytes: fashionMnistFiles.reduce((sum, { compressed }) => sum + compressed.bytes, 0),
    sources: [
      '$TENSOR_PAPERS_DATA/fashion-mnist',
      'cache',
      'installed Debian package dataset-fashion-mnist',
      'apt-get download dataset-fashion-mnist',
      'official host',
    ],
  },
  isFetched: (env) => localFolders(env, defaultPlaces).length > 0,
  fetch: (options) => fetchFashionMnist(options),
};

export const fashionMnistSubsetRecipe: Recipe = {
  entry: {
    id: subsetId,
    ...description,
    title: 'Fashion-MNIST, class-balanced subset of 6,000 + 2,000',
    images: 8_000,
    bytes: 0,
    sources: ['shipped with @tensor-papers/datasets'],
  },
  isFetched: subsetIsThere,
  fetch: ({ signal }) => fetchSubset(signal),
};
