import { centreRows } from './centre-rows.js';
import { columnMoments } from './column-moments.js';
import { LinalgOptionError } from './errors.js';
import { fixSigns } from './fix-signs.js';
import type { Matrix } from './matrix.js';
import { orthonormalize } from './orthonormalize.js';
import type { PcaRun } from './pca-by-gram.js';
import type { PcaModel } from './pca-model.js';
import { type PcaOptions, requireCount } from './pca-options.js';
import { blocksOf, type RowBlocks, requireRepeatable } from './row-blocks.js';
import { symmetricEigen } from './symmetric-eigen.js';

type Basis = Matrix & { readonly values: Float64Array };

/** Principal components by subspace iteration: V ← orthonormal basis of XᵀX·V, then the eigenvectors of VᵀXᵀX·V turn V. */
export async function randomizedPca(data: RowBlocks, count: number, options: PcaOptions & PcaRun): Promise<PcaModel> {
  const { operations, whiten, rng, oversampling = 10, powerIterations = 6 } = options;
  if (!rng) throw new LinalgOptionError("pca: method 'randomized' needs rng, such as createRng(1).stream('pca')");
  requireNatural('oversampling', oversampling);
  requireNatural('powerIterations', powerIterations);
  requireRepeatable("pca: method 'randomized'", data);
  const { rows, mean, squares } = await columnMoments('pca', data);
  const d = mean.length;
  requireCount(count, rows, d);
  const size = Math.min(count + oversampling, rows, d);
  const basis: Basis = { rows: size, columns: d, values: Float64Array.from({ length: size * d }, () => rng.normal()) };
  orthonormalize(basis.values, size, d);
  for (let i = 0; i < powerIterations; i++) {
    const next = new Float64Array(size * d);
    for await (const { centred, projected } of projections(data, mean, basis, operations)) {
      addTo(next, await operations.multiply(projected, centred, { transposeA: true })); // [size × d]
    }
    basis.values.set(next);
    orthonormalize(basis.values, size, d);
  }
  const products = new Float64Array(size * size);
  for await (const { projected } of projections(data, mean, basis, operations)) {
    addTo(products, await operations.multiply(projected, projected, { transposeA: true }));
  }
  const { values, vectors } = symmetricEigen({ rows: size, columns: size, values: products }, { largest: count });
  const turned = await operations.multiply(vectors, basis);
  const components = Float64Array.from(turned.values);
  orthonormalize(components, count, d);
  fixSigns(components, count, d);
  return {
    mean,
    components: { rows: count, columns: d, values: components },
    explainedVariance: values.map((value) => Math.max(0, value) / (rows - 1)),
    totalVariance: squares / (rows - 1),
    rows,
    whiten,
  };
}

/** Each block without the mean, `[b × d]`, and along the basis, `[b × size]`. */
async function* projections(data: RowBlocks, mean: Float64Array, basis: Basis, operations: PcaRun['operations']) {
  for await (const block of blocksOf('pca', data)) {
    const centred = centreRows(block, mean);
    yield { centred, projected: await operations.multiply(centred, basis, { transposeB: true }) };
  }
}

function addTo(sum: Float64Array, { values }: Matrix): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
}

function requireNatural(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0) {
    throw new LinalgOptionError(`pca: ${name}: expected an integer of at least 0, got ${value}`);
  }
}
