import { catalogue, DataError, fetchDataSet, listDataSets, type Recipe } from '@tensor-papers/datasets';
import { UsageError } from '../errors.js';
import { unknownName } from '../nearest-name.js';
import { entriesOf, loadRecipes } from '../paper/load-recipes.js';
import { listenForInterrupt } from './interrupt.js';
import { textTable } from './text-table.js';

const say = (line: string) => void process.stderr.write(`${line}\n`);

function download(bytes: number | undefined): string {
  if (bytes === undefined) return 'your own copy';
  return bytes === 0 ? 'shipped' : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `papers data list`: the catalogue, and what papers bring themselves. */
export async function listData({ papers }: { papers: string }): Promise<number> {
  const entries = [...listDataSets(), ...entriesOf(await loadRecipes(papers))];
  const rows = entries.map(({ id, images, bytes, licence, fetched, title }) => [
    ...[id, String(images), download(bytes), licence, fetched ? 'here' : 'not here', title],
  ]);
  console.log(textTable([['id', 'images', 'download', 'licence', 'state', 'title'], ...rows]));
  return 0;
}

/** What `papers data fetch` takes: the catalogue's ids, and those of data sets that papers bring themselves. */
export const dataSetIds = (own: readonly Recipe[]): string[] =>
  [...catalogue, ...own.map(({ entry }) => entry)].map(({ id }) => id);

/** `papers data fetch ID…`: prints id, checksum and folder of each. */
export async function fetchData(ids: readonly string[], { papers }: { papers: string }): Promise<number> {
  const own = await loadRecipes(papers);
  const known = dataSetIds(own);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) throw new UsageError(unknownName('data set', unknown, known));
  const interrupt = listenForInterrupt(say);
  try {
    for (const id of ids) {
      const recipe = own.find(({ entry }) => entry.id === id);
      const options = { log: say, signal: interrupt.stop };
      const fetched = await (recipe ? recipe.fetch(options) : fetchDataSet(id, options));
      const { sha256, folder, source, licence, citation } = fetched;
      say(`${id}: from ${source}; licence ${licence}; please cite: ${citation}`);
      console.log(`${id}  ${sha256}  ${folder}`);
    }
    return 0;
  } catch (error) {
    if (interrupt.exitCode !== undefined) return interrupt.exitCode;
    if (!(error instanceof DataError)) throw error;
    say(`papers: ${error.message}`);
    return 1;
  } finally {
    interrupt.release();
  }
}
