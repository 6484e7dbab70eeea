// Times exact searches for the nearest of made codes and prints the line that the scripts of peers/ print.
// node --conditions=@tensor-papers/source --import tsx bench/search.ts binary-scan/64bit-4M-q1-k10 [warm-up] [runs]
import { readFileSync } from 'node:fs';
import { takeCodes } from '../src/codes/codes.js';
import { type Codes, FlatIndex, MultiIndexHashing, ParallelFlatIndex } from '../src/index.js';
import { madeCodes, madeQueries } from './made-codes.js';
import { printMeasurement } from './measurement.js';

interface Work {
  readonly codes: string;
  readonly k: number;
  /** Queries of one call. */
  readonly together: number;
  /** Calls of one run. */
  readonly calls: number;
  readonly index: 'flat' | 'parallel' | 'mih';
  readonly unit: 'Gcodes/s' | 'queries/s';
}

const scan = { codes: 'random-4M', k: 10, calls: 1, index: 'flat', unit: 'Gcodes/s' } as const;
const mih = { codes: 'learned-10M', together: 1, calls: madeQueries, index: 'mih', unit: 'queries/s' } as const;

const works: Readonly<Record<string, Work>> = {
  'binary-scan/64bit-4M-q1-k10': { ...scan, together: 1 },
  'binary-scan/64bit-4M-q32-k10': { ...scan, together: 32 },
  'binary-scan/64bit-4M-q32-k10-2-threads': { ...scan, together: 32, index: 'parallel' },
  'mih/64bit-10M-k1': { ...mih, k: 1 },
  'mih/64bit-10M-k10': { ...mih, k: 10 },
  'mih/64bit-10M-k100': { ...mih, k: 100 },
};

const [name = '', warmUp = '1', runs = '7'] = process.argv.slice(2);
const work = works[name];
if (!work) throw new Error(`unknown work '${name}': expected one of ${Object.keys(works).join(', ')}`);

const threads = Number(process.env.TENSOR_PAPERS_THREADS ?? 1);
const bytes = readFileSync(await madeCodes(work.codes));
const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const n = words.length / 2 - madeQueries;
const database: Codes = { n, bits: 64, words: words.subarray(0, 2 * n) };
const queries: Codes = { n: madeQueries, bits: 64, words: words.subarray(2 * n) };

const indexes = {
  flat: () => new FlatIndex({ bits: 64 }),
  parallel: () => new ParallelFlatIndex({ bits: 64, workers: threads }),
  mih: () => new MultiIndexHashing({ bits: 64 }),
};
const index = indexes[work.index]();
index.add(database);
const calls = Array.from({ length: work.calls }, (_, call) =>
  takeCodes(
    queries,
    Array.from({ length: work.together }, (_, i) => call * work.together + i),
  ),
);

const rates: number[] = [];
for (let run = -Number(warmUp); run < Number(runs); run++) {
  const start = performance.now();
  for (const call of calls) await index.search(call, work.k);
  const seconds = (performance.now() - start) / 1000;
  const asked = work.calls * work.together;
  if (run >= 0) rates.push(work.unit === 'queries/s' ? asked / seconds : (asked * n) / seconds / 1e9);
}
if (index instanceof ParallelFlatIndex) await index.close();
printMeasurement({
  work: name,
  version: `${index.stats().kernel} Node ${process.version}`,
  unit: work.unit,
  samples: rates,
  threads,
});
