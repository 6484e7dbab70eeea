import type { Environment } from './cache.js';

/** A data set of the catalogue. */
export interface DataSetEntry {
  readonly id: string;
  readonly title: string;
  readonly licence: string;
  readonly citation: string;
  /** Number of images. */
  readonly images: number;
  /** Bytes to download; 0 where it ships with the package, undefined where only the user's own copy will do. */
  readonly bytes: number | undefined;
  /** Where it comes from, in the order in which the places are tried. */
  readonly sources: readonly string[];
  /** Whether it lies on this machine. Only `listDataSets` says so; checksums are compared when it is loaded. */
  readonly fetched?: boolean;
}

/** How far a download is. */
export interface FetchProgress {
  readonly id: string;
  readonly file: string;
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

/** Options of `fetchDataSet`. */
export interface FetchOptions {
  /** Default `process.env`. */
  readonly env?: Environment;
  /** Hears one line per step. Default: nobody. */
  readonly log?: (line: string) => void;
  /** Hears how far a download is. */
  readonly progress?: (progress: FetchProgress) => void;
  /** Stops the fetch; what was verified is kept for the next one, the rest is removed. */
  readonly signal?: AbortSignal;
}

/** A data set that lies on this machine, verified. */
export interface FetchedDataSet {
  readonly id: string;
  readonly folder: string;
  /** Where it came from. */
  readonly source:
    | 'shipped'
    | 'user folder'
    | 'cache'
    | 'installed package'
    | 'Debian package'
    | 'npm packages'
    | 'official host';
  /** Checksum of the whole set, as in the `source` of its data sets. */
  readonly sha256: string;
  /** Size and checksum of each file's uncompressed contents. */
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  readonly licence: string;
  readonly citation: string;
}
