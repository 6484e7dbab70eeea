// Times a piece of linear algebra on the engine and prints the line that the script of peers/ prints.
// node --conditions=@tensor-papers/source --import tsx bench/linalg.ts pca/60k-784-64 [warm-up] [runs]

import { useEngine } from '@tensor-papers/engine';
import { createMatrix, kMeans, type Matrix, pca } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import { tensorOperations } from '../src/linalg/index.js';

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

const works: Record<string, { columns: number; run: (rows: Matrix) => Promise<unknown> }> = {
  'pca/60k-784-64': { columns: 784, run: (rows) => pca(rows, 64, { operations }) },
  'kmeans/60k-64-256-25it': {
    columns: 64,
    run: (rows) => kMeans(rows, 256, { operations, rng: createRng(0), start: 'random', iterations: 25, tolerance: 0 }),
  },
};

const [name = '', warmUp = '0', runs = '3'] = process.argv.slice(2);
const work = works[name];
if (!work) throw new Error(`unknown work '${name}': expected one of ${Object.keys(works).join(', ')}`);

const engine = await useEngine({ threads: Number(process.env.TENSOR_PAPERS_THREADS ?? 2), log: () => {} });
const rows = normalRows(work.columns);
const times: number[] = [];
for (let i = -Number(warmUp); i < Number(runs); i++) {
  const start = performance.now();
  await work.run(rows);
  if (i >= 0) times.push(performance.now() - start);
}
times.sort((a, b) => a - b);
const middle = times.length / 2;
const median = (times[Math.floor(middle)]! + times[Math.ceil(middle) - 1]!) / 2;
console.log(
  JSON.stringify({
    peer: 'tensor-papers',
    version: `${engine.name} ${engine.version}`,
    work: name,
    unit: 'ms',
    median: Number(median.toFixed(4)),
    best: Number(times[0]!.toFixed(4)),
    runs: times.length,
    threads: engine.threads,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
