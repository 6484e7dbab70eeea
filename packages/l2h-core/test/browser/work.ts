import { createMatrix } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import {
  decodeCodeFile,
  encodeCodeFile,
  FlatIndex,
  Itq,
  MultiIndexHashing,
  OptimizedProductQuantizer,
  ParallelFlatIndex,
  PQIndex,
  ProductQuantizer,
  type ScanKernel,
} from '../../src/index.js';

/** What the work is done with. */
export interface Work {
  readonly kernels: readonly ScanKernel[];
  /** Threads of the parallel search. */
  readonly workers: readonly number[];
}

/** Results as plain numbers, whichever machine they come from. */
export type Outcome = Readonly<Record<string, readonly number[] | readonly string[]>>;

const dimensions = 16;

/** Vectors out of sums and products only, so that no two engines differ in a bit. */
function vectorsOf(rows: number, seed: number) {
  const rng = createRng(seed);
  const values = Float32Array.from({ length: rows * dimensions }, (_, at) => {
    const column = at % dimensions;
    const centre = ((Math.floor(at / dimensions) % 7) - 3) * (column % 3);
    return centre + (rng.uniform() + rng.uniform() - 1) * (8 / (1 + column));
  });
  return createMatrix(values, rows);
}

const numbers = (values: ArrayLike<number>) => Array.from(values);

/** Learns codes and searches in them by every index: the same in Node and in a page. */
export async function work({ kernels, workers }: Work): Promise<Outcome> {
  const [database, queries] = [vectorsOf(1000, 1), vectorsOf(20, 2)];
  const hasher = new Itq({ bits: 16, iterations: 20 });
  const { objective } = await hasher.fit(database, { seed: 3 });
  const [codes, asked] = [await hasher.encode(database), await hasher.encode(queries)];
  const outcome: Record<string, number[] | string[]> = {
    objective: numbers(objective),
    projections: numbers(await hasher.project(queries)),
    codes: numbers(codes.words),
  };

  for (const kernel of kernels) {
    const flat = new FlatIndex({ bits: 16, kernel });
    flat.add(codes);
    flat.remove([5, 17]);
    const { ids, distances } = flat.search(asked, 10);
    outcome[`flat ${kernel}`] = [...ids, ...distances, ...flat.rangeSearch(asked, 2).ids];
  }
  for (const count of workers) {
    const parallel = new ParallelFlatIndex({ bits: 16, workers: count });
    parallel.add(codes);
    parallel.remove([5, 17]);
    const { ids, distances } = await parallel.search(asked, 10);
    outcome[`parallel ${count}`] = [...ids, ...distances, ...(await parallel.rangeSearch(asked, 2)).ids];
    await parallel.close();
  }
  const hashing = new MultiIndexHashing({ bits: 16, m: 2 });
  hashing.add(codes);
  hashing.remove([5, 17]);
  const near = hashing.search(asked, 10);
  outcome['multi-index hashing'] = [...near.ids, ...near.distances, ...hashing.rangeSearch(asked, 2).ids];

  const quantizers = [
    new ProductQuantizer({ parts: 4, centroids: 32, iterations: 5 }),
    new OptimizedProductQuantizer({ parts: 4, centroids: 16, iterations: 2 }),
  ];
  for (const quantizer of quantizers) {
    await quantizer.fit(database, { seed: 4 });
    const quantized = await quantizer.encode(database);
    for (const mode of ['adc', 'sdc'] as const) {
      const index = new PQIndex(quantizer, { mode });
      index.add(quantized);
      const found = await index.search(queries, 5);
      outcome[`${quantizer.kind} ${mode}`] = numbers(found.ids);
      outcome[`${quantizer.kind} ${mode} distances`] = numbers(found.distances);
    }
    outcome[`${quantizer.kind} codes`] = numbers(quantized.bytes);
  }

  const ids = Array.from({ length: codes.n }, (_, i) => 2 ** 40 + i);
  const file = encodeCodeFile({ codes, ids, model: hasher });
  const read = decodeCodeFile(file);
  const again = await read.model!.encode(queries);
  outcome['a file of codes'] = [...('words' in read.codes ? read.codes.words : []), ...read.ids];
  outcome['codes by the model of a file'] = numbers('words' in again ? again.words : again.bytes);
  outcome['what is wrong with a file'] = [wordsOf(() => decodeCodeFile(file.subarray(0, 1000)))];
  outcome['the default kernel'] = [new FlatIndex({ bits: 16 }).stats().kernel];
  return outcome;
}

function wordsOf(fails: () => unknown): string {
  try {
    fails();
  } catch (error) {
    const { name, code, message } = error as Error & { code: string };
    return `${name} ${code} ${message}`;
  }
  return 'nothing';
}
