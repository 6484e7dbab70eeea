import type { Matrix } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import { HashOptionError, VectorShapeError } from '../errors.js';
import { encodeOptionsOf } from '../hashers/fit-options.js';
import { requireInteger } from '../options.js';
import { shown } from '../shown.js';
import { requireVectors } from './require-vectors.js';

/** Options of {@link sampleRows}. */
export interface SampleRowsOptions {
  readonly seed?: number | string;
  readonly signal?: AbortSignal;
}

/**
 * Rows to learn from, drawn from blocks that pass by once, each row as likely as any other (reservoir sampling): for vectors that do not fit
 * into memory. Only the drawn rows are held. Fit a hasher or a quantiser with them, then encode block by block.
 *
 * @param blocks vectors `[n × d]`, all of one d
 * @param count how many; of fewer rows all are taken
 * @returns the rows in the order in which they passed, `[count × d]`, float32
 * @throws HashOptionError, VectorShapeError, NonFiniteVectorError; the signal's reason
 * @example
 * const hasher = new Itq({ bits: 64 });
 * await hasher.fit(await sampleRows(blocks(), 100_000, { seed: 1 }));
 * for await (const block of blocks()) index.add(await hasher.encode(block));
 */
export async function sampleRows(
  blocks: AsyncIterable<Matrix> | Iterable<Matrix>,
  count: number,
  options: SampleRowsOptions = {},
): Promise<Matrix & { readonly values: Float32Array }> {
  const { seed = 0, signal } = encodeOptionsOf('sampleRows', options);
  const given = Object(blocks) as Partial<AsyncIterable<Matrix> & Iterable<Matrix>>;
  if (typeof (given[Symbol.asyncIterator] ?? given[Symbol.iterator]) !== 'function') {
    throw new HashOptionError(
      `sampleRows: blocks: expected vectors in an array or another iterable, [vectors] for a single matrix, got ${shown(blocks)}`,
    );
  }
  requireInteger('sampleRows', 'count', count, 1);
  if (typeof seed !== 'string' && !Number.isSafeInteger(seed)) {
    throw new HashOptionError(`sampleRows: seed: expected a safe integer or a string, got ${shown(seed)}`);
  }
  const rng = createRng(seed).stream('sample-rows');
  let columns = 0;
  let seen = 0;
  let values = new Float32Array(0);
  /** When the row of each place passed. */
  const passed: number[] = [];
  for await (const block of blocks) {
    signal?.throwIfAborted();
    requireVectors('sampleRows', block, columns || undefined);
    columns = block.columns;
    for (let row = 0; row < block.rows; row++, seen++) {
      const place = seen < count ? seen : rng.integer(seen + 1);
      if (place >= count) continue;
      if (place * columns >= values.length) values = withRoom(values, Math.min(count, 2 * place + 1024) * columns);
      values.set(block.values.subarray(row * columns, (row + 1) * columns), place * columns);
      passed[place] = seen;
    }
  }
  if (seen === 0) throw new VectorShapeError('sampleRows: expected at least one block of vectors, got none');
  const order = Array.from(passed.keys()).sort((a, b) => passed[a]! - passed[b]!);
  const drawn = new Float32Array(order.length * columns);
  order.forEach((place, i) => {
    drawn.set(values.subarray(place * columns, (place + 1) * columns), i * columns);
  });
  return { rows: order.length, columns, values: drawn };
}

function withRoom(values: Float32Array<ArrayBuffer>, length: number): Float32Array<ArrayBuffer> {
  const longer = new Float32Array(length);
  longer.set(values);
  return longer;
}
