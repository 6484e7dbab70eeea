import { centreRows } from './centre-rows.js';
import { refuseNonFinite } from './check-finite.js';
import { type Matrix, requireColumns, rowRange } from './matrix.js';
import type { MatrixOperations } from './matrix-operations.js';
import { componentScales, type PcaModel } from './pca-model.js';
import { plainOperations } from './plain-operations.js';

/** Options of {@link pcaProject} and {@link pcaReconstruct}. */
export interface PcaProjectOptions {
  /** Who computes the products. Default plain JavaScript. */
  readonly operations?: MatrixOperations;
}

/** Numbers of a block. */
const BLOCK = 2 ** 21;

/**
 * Coordinates of rows along the components: (x − μ)·Wᵀ, over the standard deviations where the model whitens. Along a component without
 * variance whitened coordinates are 0.
 *
 * @param rows `[n × d]`, finite
 * @returns `[n × k]`, in the number format of the rows
 * @throws MatrixShapeError, NonFiniteMatrixError
 *
 * @example
 * const low = await pcaProject(await pca(data, 2), data);
 */
export async function pcaProject(
  model: PcaModel,
  rows: Matrix,
  { operations = plainOperations() }: PcaProjectOptions = {},
): Promise<Matrix> {
  const { mean, components } = model;
  requireColumns('pcaProject', rows, mean.length);
  const inverse = componentScales(model).map((scale) => (scale > 0 ? 1 / scale : 0));
  const weights = scaledRows(components, inverse);
  return blockwise(rows, components.rows, async (block, firstRow) => {
    refuseNonFinite('pcaProject', block, firstRow);
    return operations.multiply(centreRows(block, mean), weights, { transposeB: true });
  });
}

/**
 * Rows out of their coordinates along the components: z·W + μ, the best approximation of rank k of what was projected.
 *
 * @param projected `[n × k]`, finite
 * @returns `[n × d]`, in the number format of the coordinates
 * @throws MatrixShapeError, NonFiniteMatrixError
 *
 * @example
 * const approximation = await pcaReconstruct(model, await pcaProject(model, data));
 */
export async function pcaReconstruct(
  model: PcaModel,
  projected: Matrix,
  { operations = plainOperations() }: PcaProjectOptions = {},
): Promise<Matrix> {
  const { mean, components } = model;
  requireColumns('pcaReconstruct', projected, components.rows);
  const weights = scaledRows(components, componentScales(model));
  return blockwise(projected, mean.length, async (block, firstRow) => {
    refuseNonFinite('pcaReconstruct', block, firstRow);
    const product = await operations.multiply(block, weights);
    return centreRows(product, mean.map((value) => -value)); // biome-ignore format: one call
  });
}

function scaledRows({ rows, columns, values }: Matrix, scales: Float64Array): Matrix {
  const scaled = Float64Array.from(values, (value, i) => value * scales[Math.floor(i / columns)]!);
  return { rows, columns, values: scaled };
}

async function blockwise(
  rows: Matrix,
  columns: number,
  transform: (block: Matrix, firstRow: number) => Promise<Matrix>,
): Promise<Matrix> {
  const length = rows.rows * columns;
  const values = rows.values instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
  const step = Math.max(1, Math.floor(BLOCK / Math.max(rows.columns, columns)));
  for (let start = 0; start < rows.rows; start += step) {
    const block = await transform(rowRange(rows, start, Math.min(rows.rows, start + step)), start);
    values.set(block.values, start * columns);
  }
  return { rows: rows.rows, columns, values };
}
