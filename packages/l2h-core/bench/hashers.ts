// Times iterative and product quantisation with the engine's algebra and prints the line that the scripts of peers/ print.
// node --conditions=@tensor-papers/source --import tsx bench/hashers.ts itq-train/60k-784-64bit [warm-up] [runs]
import { useEngine } from '@tensor-papers/engine';
import { createMatrix, type Matrix } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import { tensorOperations } from '@tensor-papers/tensor-core/linalg';
import { Itq, ProductQuantizer } from '../src/index.js';
import { printMeasurement } from './measurement.js';

const ROWS = 60_000;

/** Standard normal columns, the first 64 of them scaled from 8 down to 1. */
function normalRows(columns: number): Matrix {
  const rng = createRng(0).stream('rows');
  const values = new Float32Array(ROWS * columns);
  for (let i = 0; i < values.length; i++) {
    const column = i % columns;
    values[i] = rng.normal() * (column < 64 ? 8 - (7 * column) / 63 : 1);
  }
  return createMatrix(values, ROWS, columns);
}

const operations = tensorOperations();
const options = { operations, seed: 0 };
const quantizer = () => new ProductQuantizer({ parts: 8, centroids: 256, iterations: 25 });

/** What is prepared, and what is timed. */
const works: Readonly<Record<string, () => Promise<() => Promise<unknown>>>> = {
  'itq-train/60k-784-64bit': async () => {
    const rows = normalRows(784);
    return () => new Itq({ bits: 64, iterations: 50 }).fit(rows, options);
  },
  'pq-train/60k-64d-8x256': async () => {
    const rows = normalRows(64);
    return () => quantizer().fit(rows, options);
  },
  'pq-encode/60k-64d-8x256': async () => {
    const rows = normalRows(64);
    const trained = quantizer();
    await trained.fit(rows, options);
    return () => trained.encode(rows, { operations });
  },
};

const [work = '', warmUp = '0', runs = '3'] = process.argv.slice(2);
const prepare = works[work];
if (!prepare) throw new Error(`unknown work '${work}': expected one of ${Object.keys(works).join(', ')}`);

const engine = await useEngine({ threads: Number(process.env.TENSOR_PAPERS_THREADS ?? 2), log: () => {} });
const run = await prepare();
const samples: number[] = [];
for (let i = -Number(warmUp); i < Number(runs); i++) {
  const start = performance.now();
  await run();
  if (i >= 0) samples.push(performance.now() - start);
}
printMeasurement({
  work,
  version: `${engine.name} ${engine.version}`,
  unit: 'ms',
  samples,
  threads: engine.threads ?? 1,
});
