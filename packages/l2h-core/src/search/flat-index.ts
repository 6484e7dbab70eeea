import { optionsOf } from '../options.js';
import type { Candidates } from './candidates.js';
import { CodeIndex } from './code-index.js';
import type { ScanKernel } from './code-memory.js';
import type { Wanted } from './scanner.js';

export interface FlatIndexOptions {
  /** Bits of a code, 1 … 4096. */
  readonly bits: number;
  /** Default: WebAssembly where there is such, else JavaScript; both give the same results. */
  readonly kernel?: ScanKernel;
}

/**
 * Exact search that compares each query with all codes. Several queries in one call are faster than one by one, as they share each block of
 * codes while it is in the cache.
 *
 * @example
 * const index = new FlatIndex({ bits: 64 });
 * index.add(codes);
 * const { ids, distances } = index.search(queries, 10);
 */
export class FlatIndex extends CodeIndex {
  /** @throws HashOptionError */
  constructor(options: FlatIndexOptions) {
    const { bits, kernel } = optionsOf('FlatIndex', options, '{ bits: 64 }');
    super('FlatIndex', bits, kernel);
  }

  protected override find(queries: readonly Uint32Array[], wanted: Wanted): Candidates[] {
    return this.scan(queries, wanted);
  }
}
