import type { Environment } from '../cache.js';
import type { DataSetEntry, FetchedDataSet, FetchOptions } from '../data-set-entry.js';

/** How one data set is had: of the catalogue, or of a paper that brings its own. */
export interface Recipe {
  readonly entry: DataSetEntry;
  /** Whether its files lie on this machine; does not read them. */
  isFetched(env: Environment): boolean;
  fetch(options: FetchOptions): Promise<FetchedDataSet>;
}
