import { centreRows } from './centre-rows.js';
import { columnMoments } from './column-moments.js';
import { fixSigns } from './fix-signs.js';
import type { Matrix } from './matrix.js';
import type { MatrixOperations } from './matrix-operations.js';
import { orthonormalize } from './orthonormalize.js';
import type { PcaModel } from './pca-model.js';
import { symmetricEigen } from './symmetric-eigen.js';

/** What the methods of PCA have in common. */
export interface PcaRun {
  readonly operations: MatrixOperations;
  readonly whiten: boolean;
}

/** Principal components of few rows: with X·Xᵀ·u = s²·u the component is Xᵀ·u / s, its variance s² / (n − 1). */
export async function pcaByGram(data: Matrix, count: number, { operations, whiten }: PcaRun): Promise<PcaModel> {
  const { rows, mean, squares } = await columnMoments('pca', data);
  const centred = centreRows(data, mean, false);
  const gram = await operations.multiply(centred, centred, { transposeB: true });
  const { values, vectors } = symmetricEigen(gram, { largest: count });
  const product = await operations.multiply(vectors, centred); // [count × d]
  const components = Float64Array.from(product.values);
  // Directions without variance are rounding, but whatever comes out is a basis.
  const least = rounding(gram, data.columns) * Math.max(0, values[0]!);
  orthonormalize(components, count, data.columns);
  fixSigns(components, count, data.columns);
  return {
    mean,
    components: { rows: count, columns: data.columns, values: components },
    explainedVariance: values.map((value) => (value > least ? value / (rows - 1) : 0)),
    totalVariance: squares / (rows - 1),
    rows,
    whiten,
  };
}

/** Part of the largest entry that rounding may be, of products of that many terms. */
function rounding({ values }: Matrix, terms: number): number {
  return (values instanceof Float32Array ? 2 ** -23 : 2 ** -52) * Math.sqrt(terms);
}
