import { LinalgOptionError, MatrixShapeError } from './errors.js';
import { type Matrix, requireColumns, requireMatrix } from './matrix.js';

/** Rows that may not fit into memory together: blocks of rows, all with the same number of columns. */
export type BlockSource = Iterable<Matrix> | AsyncIterable<Matrix>;

/** A matrix, its rows in blocks, or a function that starts the blocks anew, for what passes over them several times. */
export type RowBlocks = Matrix | BlockSource | (() => BlockSource);

export function isMatrix(data: RowBlocks): data is Matrix {
  return typeof data === 'object' && data !== null && 'values' in data && 'columns' in data;
}

/** The blocks, each checked. */
export async function* blocksOf(what: string, data: RowBlocks): AsyncGenerator<Matrix> {
  if (isMatrix(data)) {
    requireMatrix(what, data);
    yield data;
    return;
  }
  const source = typeof data === 'function' ? data() : data;
  if (!isIterable(source)) {
    throw new MatrixShapeError(`${what}: expected a matrix, an iterable of matrices or a function that returns one`);
  }
  let columns: number | undefined;
  for await (const block of source) {
    if (columns === undefined) requireMatrix(`${what}: first block`, block);
    columns ??= block.columns;
    requireColumns(`${what}: block`, block, columns);
    yield block;
  }
}

/** Throws for blocks that can be passed over only once. */
export function requireRepeatable(what: string, data: RowBlocks): void {
  if (isMatrix(data) || typeof data === 'function' || !isIterable(data)) return;
  const once =
    Symbol.asyncIterator in data
      ? data[Symbol.asyncIterator]() === (data as unknown)
      : data[Symbol.iterator]() === (data as unknown);
  if (once) {
    throw new LinalgOptionError(
      `${what}: passes over the blocks several times, but these come only once; pass a function that starts them anew`,
    );
  }
}

function isIterable(source: unknown): source is BlockSource {
  return typeof source === 'object' && source !== null && (Symbol.iterator in source || Symbol.asyncIterator in source);
}
