import { centreRows, type Matrix } from '@tensor-papers/numerics/linalg';
import type { ModelKind } from './learned-hasher.js';

/** Scores (x − mean)·w + offset, one w a bit. */
export interface LinearModel {
  /** `[d]` */
  readonly mean: Float64Array;
  /** One a row, `[bits × d]`. */
  readonly directions: Matrix;
  /** `[bits]` */
  readonly offsets: Float64Array;
}

export const linearModel: ModelKind<LinearModel> = {
  dimensions: ({ mean }) => mean.length,
  async score({ mean, directions, offsets }, block, operations) {
    const centred = centreRows(block, mean, operations.precision === 'float32');
    const product = await operations.multiply(centred, directions, { transposeB: true });
    addToRows(product.values, offsets);
    return product;
  },
  fields: ({ mean, directions, offsets }) => ({ mean, directions, offsets }),
  read(reader, bits) {
    const mean = reader.vector('mean');
    return {
      mean,
      directions: reader.matrix('directions', bits, mean.length),
      offsets: reader.vector('offsets', bits),
    };
  },
};

/** values[row, j] += added[j] */
function addToRows(values: Float32Array | Float64Array, added: Float64Array): void {
  for (let row = 0; row < values.length; row += added.length) {
    for (let j = 0; j < added.length; j++) values[row + j]! += added[j]!;
  }
}
