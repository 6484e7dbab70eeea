import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  covariance,
  createMatrix,
  kMeans,
  type Matrix,
  orthogonalProcrustes,
  pca,
  pcaProject,
  pcaReconstruct,
  singularValueDecomposition,
  symmetricEigen,
} from './index.js';

interface StoredMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: readonly number[];
}

interface Case {
  readonly fn: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, StoredMatrix>>;
  readonly options: Readonly<Record<string, number & boolean>>;
  readonly expected: Readonly<Record<string, StoredMatrix | readonly number[] | number>>;
}

const path = join(__dirname, '..', '..', 'fixtures', 'linalg.json');
const cases = JSON.parse(readFileSync(path, 'utf8')) as Case[];

type Results = Readonly<Record<string, unknown>>;
type Inputs = Readonly<Record<string, Matrix>>;

/** What comes in the number format of the inputs, or out of products in it. */
const IN_INPUT_FORMAT = ['projected', 'reconstructed'];

/** Every function of the golden values, and the results that are compared. */
const functions: Record<string, (inputs: Inputs, options: Case['options']) => Promise<Results>> = {
  covariance: async ({ data }) => ({ ...(await covariance(data!)) }),
  kMeans: async ({ data, start }, options) => ({
    ...(await kMeans(data!, start!.rows, { ...options, start: start! })),
  }),
  orthogonalProcrustes: async ({ a, b }) => ({ ...(await orthogonalProcrustes(a!, b!)) }),
  pca: async ({ data }, { count, whiten }) => {
    const model = await pca(data!, count!, { whiten: whiten! });
    const projected = await pcaProject(model, data!);
    return { ...model, projected, reconstructed: await pcaReconstruct(model, projected) };
  },
  singularValueDecomposition: async ({ matrix }) => ({ ...singularValueDecomposition(matrix!) }),
  symmetricEigen: async ({ matrix }) => ({ ...symmetricEigen(matrix!) }),
};

function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  const { values } = value as { values?: ArrayLike<number> };
  return Array.from(typeof values === 'object' ? values : (value as ArrayLike<number>));
}

describe.each([Float64Array, Float32Array])('results of NumPy, SciPy and scikit-learn, inputs as %p', (Values) => {
  it.each(cases.map((each) => [each.fn, each.name, each] as const))('%s: %s', async (fn, _, each) => {
    const inputs = Object.fromEntries(
      Object.entries(each.inputs).map(([key, { rows, values }]) => [key, createMatrix(Values.from(values), rows)]),
    );
    const results = await functions[fn]!(inputs, each.options);
    for (const [key, expected] of Object.entries(each.expected)) {
      const [got, wanted] = [numbersOf(results[key]), numbersOf(expected)];
      expect([key, got.length]).toEqual([key, wanted.length]);
      const single = Values === Float32Array && (IN_INPUT_FORMAT.includes(key) || fn === 'orthogonalProcrustes');
      const limit = single ? 3e-6 : 1e-9;
      const worst = Math.max(
        ...got.map((value, i) => Math.abs(value - wanted[i]!) / Math.max(1, Math.abs(wanted[i]!))),
      );
      expect([key, worst <= limit ? 'close' : worst]).toEqual([key, 'close']);
    }
  });
});
