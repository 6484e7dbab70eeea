import type { Matrix } from '@tensor-papers/numerics/linalg';
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
    const { values, columns } = block;
    for (let i = 0; i < values.length; i++) values[i]! -= mean[i % columns]!;
    const product = await operations.multiply(block, directions, { transposeB: true });
    for (let i = 0; i < product.values.length; i++) product.values[i]! += offsets[i % offsets.length]!;
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
