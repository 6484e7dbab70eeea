// Times saving 10 million made codes, loading them, and adding them to indexes, and prints what an item takes.
// node --conditions=@tensor-papers/source --import tsx bench/load.ts [random-4M | learned-10M]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Codes, FlatIndex, MultiIndexHashing } from '../src/index.js';
import { loadCodes, saveCodes } from '../src/node.js';
import { codeRange } from './code-recipes.js';
import { madeCodes, madeQueries } from './made-codes.js';

const bytes = readFileSync(await madeCodes(process.argv[2] ?? 'learned-10M'));
const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const n = words.length / 2 - madeQueries;
const all: Codes = { n: n + madeQueries, bits: 64, words };
const folder = mkdtempSync(join(tmpdir(), 'l2h-load-'));
const file = join(folder, 'codes.l2h');
const seconds = async <Value>(what: string, work: () => Value | Promise<Value>): Promise<Value> => {
  const start = performance.now();
  const value = await work();
  console.log(`${what}: ${((performance.now() - start) / 1000).toFixed(2)} s`);
  return value;
};
try {
  await seconds(`save ${n} codes`, () => saveCodes(file, { codes: codeRange(all, 0, n) }));
  const { codes } = await seconds('load', () => loadCodes(file));
  for (const index of [new FlatIndex({ bits: 64 }), new MultiIndexHashing({ bits: 64 })]) {
    const name = index.constructor.name;
    await seconds(`${name}: add`, () => index.add(codes as Codes));
    await seconds(`${name}: first search`, () => index.search(codeRange(all, n, n + 1), 10));
    console.log(`${name}: ${(index.stats().bytes / n).toFixed(1)} bytes an item`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
