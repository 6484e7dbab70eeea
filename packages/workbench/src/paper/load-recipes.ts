import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DataSetEntry, Recipe } from '@tensor-papers/datasets';
import { PaperError } from '../errors.js';
import { paperNames } from './find-papers.js';

/**
 * The data sets that papers bring themselves: the default exports of their `bench/recipes.ts`, where they have one.
 *
 * @throws PaperError when one cannot be loaded or is no list of recipes
 */
export async function loadRecipes(folder: string): Promise<Recipe[]> {
  const recipes: Recipe[] = [];
  for (const name of paperNames(folder)) {
    const file = join(folder, name, 'bench', 'recipes.ts');
    if (!existsSync(file)) continue;
    let module: { default?: readonly Recipe[] };
    try {
      module = await import(pathToFileURL(file).href);
    } catch (error) {
      throw new PaperError(`${file}: cannot be loaded (${(error as Error).message})`, { cause: error });
    }
    const isRecipe = (each: Recipe) => typeof each?.entry?.id === 'string' && typeof each.fetch === 'function';
    if (!Array.isArray(module.default) || !module.default.every(isRecipe)) {
      throw new PaperError(`${file}: expected \`export default [ … ] satisfies readonly Recipe[]\``);
    }
    recipes.push(...module.default);
  }
  return recipes;
}

/** What recipes are of, with what lies on this machine. */
export const entriesOf = (recipes: readonly Recipe[]): DataSetEntry[] =>
  recipes.map(({ entry, isFetched }) => ({ ...entry, fetched: isFetched(process.env) }));
