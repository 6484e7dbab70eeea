import { createMatrix, plainOperations } from '@tensor-papers/numerics/linalg';
import type { GoldenCalls } from '@tensor-papers/tools/golden';
import { type Codebooks, codebookOf, partOf } from '../src/quantizers/codebooks.js';
import { type CompositeCodebooks, compositeCost, crossTerms, icmSweep } from '../src/quantizers/cq-cost.js';
import { lloydStep } from '../src/quantizers/lloyd.js';
import { allocateEigenDirections, opqStep } from '../src/quantizers/opq-step.js';
import { PQIndex } from '../src/quantizers/pq-index.js';
import { ProductQuantizer } from '../src/quantizers/product-quantizer.js';
import { type QuantizedCodes, tableSums } from '../src/quantizers/quantizer.js';

type Rows = number[][];

interface Inputs {
  X: Rows;
  q: number[];
  codebooks: Rows[];
  C: Rows[];
  codes: Rows;
  R0: Rows;
  eigenvalues: number[];
}

interface Options {
  parts: number;
  iterations: number;
  emptyCluster?: string;
  mu: number;
  eps: number;
}

const matrix = (rows: Rows) => createMatrix(Float64Array.from(rows.flat()), rows.length);
const rowsOf = (values: ArrayLike<number>, columns: number): Rows =>
  Array.from({ length: values.length / columns }, (_, i) =>
    Array.from({ length: columns }, (__, j) => values[i * columns + j]!),
  );
const codebooksOf = (books: Rows[]): Codebooks => ({
  parts: books.length,
  centroids: books[0]!.length,
  width: books[0]![0]!.length,
  values: Float64Array.from(books.flat(2)),
});
const booksOf = (codebooks: Codebooks): Rows[] =>
  Array.from({ length: codebooks.parts }, (_, m) => rowsOf(codebookOf(codebooks, m).values, codebooks.width));
const quantized = (codes: Rows): QuantizedCodes => ({
  n: codes.length,
  parts: codes[0]!.length,
  bytes: Uint8Array.from(codes.flat()),
});
const codesOf = ({ bytes, parts }: QuantizedCodes) => rowsOf(bytes, parts);

export const quantizerCalls: GoldenCalls = {
  'pq-2_2-10-codes': async ({ codebooks, X, q }: Inputs) => {
    const quantizer = ProductQuantizer.fromCodebooks(codebooksOf(codebooks));
    const codes = await quantizer.encode(matrix(X));
    const reconstruction = quantizer.decode(codes);
    const queryCode = await quantizer.encode(matrix([q]));
    const tables = quantizer.tables(q);
    const distances = async (mode: 'adc' | 'sdc') => {
      const index = new PQIndex(quantizer, { mode });
      index.add(codes);
      const { ids, distances } = await index.search(matrix([q]), X.length);
      return Array.from(ids, (_, i) => distances[ids.indexOf(i)]);
    };
    const squared = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).reduce((sum, value, j) => sum + (value - b[j]!) ** 2, 0);
    const decoded = rowsOf(reconstruction.values, reconstruction.columns);
    return {
      codes: codesOf(codes),
      reconstruction: decoded,
      error: X.reduce((sum, row, i) => sum + squared(row, decoded[i]!), 0),
      tables: rowsOf(tables, quantizer.centroids),
      adc: await distances('adc'),
      queryCode: codesOf(queryCode)[0],
      sdc: await distances('sdc'),
      exact: X.map((row) => squared(row, q)),
    };
  },

  'opq-parametric-init-2_2': async ({ eigenvalues }: Inputs, { parts }: Options) => ({
    parts: allocateEigenDirections(eigenvalues, parts),
  }),

  'k-means-pq-lloyd': async ({ X, codebooks }: Inputs) => {
    const before = codebooksOf(codebooks);
    const vectors = matrix(X);
    const after = { ...before, values: new Float64Array(before.values.length) };
    for (let m = 0; m < before.parts; m++) {
      const held = plainOperations().holdRows(partOf(vectors, before, m), new Float64Array(before.width));
      codebookOf(after, m).values.set((await lloydStep(held, codebookOf(before, m))).values);
    }
    const state = async (books: Codebooks) => {
      const quantizer = ProductQuantizer.fromCodebooks(books);
      const codes = await quantizer.encode(vectors);
      const decoded = Array.from(quantizer.decode(codes).values);
      return { codes, error: decoded.reduce((sum, value, i) => sum + (value - vectors.values[i]!) ** 2, 0) };
    };
    const [first, second] = [await state(before), await state(after)];
    return {
      codes: codesOf(first.codes),
      codebooks: booksOf(after),
      errorBefore: first.error,
      errorAfter: second.error,
    };
  },

  'opq-2_2-11-objective': async ({ X, codebooks, R0 }: Inputs, { iterations, emptyCluster: rule }: Options) => {
    if (rule !== undefined && rule !== 'keep the centroid') throw new Error(`another rule for empty clusters: ${rule}`);
    const emptyCluster = rule === undefined ? 'split' : 'keep';
    let state: Awaited<ReturnType<typeof opqStep>> | undefined;
    const objectives: number[] = [];
    for (let i = 0; i < iterations; i++) {
      const from = state ?? { rotation: matrix(R0), codebooks: codebooksOf(codebooks) };
      state = await opqStep(matrix(X), from, { emptyCluster });
      objectives.push(...state.objective);
    }
    const { rotation, codebooks: books, codes } = state!;
    return {
      objectives,
      R: rowsOf(rotation.values, rotation.columns),
      codebooks: booksOf(books),
      codes: codesOf(codes),
    };
  },

  'composite-quantisation-2_2-12': async ({ X, C, codes }: Inputs, { mu, eps }: Options) => {
    const codebooks: CompositeCodebooks = {
      parts: C.length,
      centroids: C[0]!.length,
      dimensions: X[0]!.length,
      values: Float64Array.from(C.flat(2)),
    };
    const penalty = { mu, epsilon: eps };
    const vectors = matrix(X);
    const start = quantized(codes);
    const cross = Array.from(crossTerms(codebooks, start));
    const { cost, gradient } = compositeCost(vectors, codebooks, start, penalty);
    let swept = start;
    const icmCosts: number[] = [];
    for (let sweep = 0; sweep < 3; sweep++) {
      swept = icmSweep(vectors, codebooks, swept, penalty);
      icmCosts.push(compositeCost(vectors, codebooks, swept, penalty).cost);
    }
    const q = X[0]!;
    const d = q.length;
    const tables = Float64Array.from({ length: codebooks.parts * codebooks.centroids }, (_, c) =>
      q.reduce((sum, value, j) => sum + (value - codebooks.values[c * d + j]!) ** 2, 0),
    );
    return {
      cost,
      cross,
      bestEps: cross.reduce((sum, value) => sum + value, 0) / cross.length,
      gradient: C.map((_, m) =>
        rowsOf(gradient.subarray(m * codebooks.centroids * d, (m + 1) * codebooks.centroids * d), d),
      ),
      icmCodes: codesOf(swept),
      icmCosts,
      tableSums: Array.from(tableSums(tables, start)),
    };
  },
};
