import type { Environment } from './cache.js';
import type { DataSetEntry, FetchedDataSet, FetchOptions } from './data-set-entry.js';
import { UnknownDataSetError } from './errors.js';
import { nearestName } from './nearest-name.js';
import { cifar10Recipe, cifar100Recipe } from './recipes/cifar.js';
import { fashionMnistRecipe, fashionMnistSubsetRecipe } from './recipes/fashion-mnist.js';
import { opencvDigitsRecipe } from './recipes/opencv-digits.js';

const recipes = [fashionMnistRecipe, fashionMnistSubsetRecipe, opencvDigitsRecipe, cifar10Recipe, cifar100Recipe];

/** The data sets that this package knows. */
export const catalogue: readonly DataSetEntry[] = recipes.map(({ entry }) => entry);

/** The catalogue, with what lies on this machine. Reads no file and asks no host. */
export function listDataSets({ env = process.env }: { readonly env?: Environment } = {}): DataSetEntry[] {
  return recipes.map(({ entry, isFetched }) => ({ ...entry, fetched: isFetched(env) }));
}

/**
 * Brings a data set onto this machine and verifies it; one that is there already is only verified.
 *
 * @param id as in the catalogue
 * @throws UnknownDataSetError with the nearest name; DataUnavailableError saying why each source failed; ChecksumError;
 *   DataFormatError; CacheError; the signal's reason
 */
export async function fetchDataSet(id: string, options: FetchOptions = {}): Promise<FetchedDataSet> {
  const recipe = recipes.find(({ entry }) => entry.id === id);
  if (recipe) return recipe.fetch(options);
  const names = catalogue.map((entry) => entry.id);
  const nearest = nearestName(id, names);
  throw new UnknownDataSetError(
    `unknown data set ${id}: expected one of ${names.join(', ')}${nearest ? `; did you mean ${nearest}?` : ''}`,
    nearest,
  );
}
