import { requireInteger } from '../options.js';

/** Most lists of an index: their number has two bytes. */
const mostLists = 65_536;

/** So many vectors a list are enough to place its centroid, and so many in all for 256 centroids of a part. */
const perList = 256;
const least = 65_536;

/** Checks what both kinds of index are made with. @returns how many vectors to learn from at most */
export function trainingSample(
  what: string,
  {
    lists,
    iterations,
    sample,
  }: {
    readonly lists: number;
    readonly iterations: number;
    readonly sample?: number | undefined;
  },
): number {
  requireInteger(what, 'lists', lists, 1, mostLists);
  requireInteger(what, 'iterations', iterations, 1);
  if (sample === undefined) return Math.max(least, perList * lists);
  requireInteger(what, 'sample', sample, lists);
  return sample;
}

/** What a reader of a fit's report should know of lists that got none of the training vectors. */
export function emptyListWarnings(counts: ArrayLike<number>): string[] {
  let empty = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i] === 0) empty++;
  if (empty === 0) return [];
  return [`${empty} of ${counts.length} lists are empty: among the training vectors are too few different ones`];
}
