// Times the exact flat search, top 10 of random codes: node --conditions=@tensor-papers/source --import tsx bench/flat.ts [codes] [bits] [wasm|js]
import { randomFillSync } from 'node:crypto';
import type { Codes } from '../src/codes/codes.js';
import { FlatIndex } from '../src/search/flat-index.js';

const [n = 4_000_000, bits = 64] = process.argv.slice(2, 4).map(Number);
const kernel = process.argv[4] === 'js' ? 'js' : 'wasm';
if (bits % 32 !== 0) throw new Error(`expected whole words of 32 bits, got ${bits} bits`);

const randomCodes = (count: number): Codes => {
  const words = new Uint32Array((count * bits) / 32);
  for (let at = 0; at < words.length; at += 2 ** 24) randomFillSync(words, at, Math.min(2 ** 24, words.length - at));
  return { n: count, bits, words };
};

const index = new FlatIndex({ bits, kernel });
index.add(randomCodes(n));
console.log('| queries a call | Gcodes/s, median | lowest | highest |\n| --- | --- | --- | --- |');
for (const queries of [1, 32]) {
  const query = randomCodes(queries);
  const rates: number[] = [];
  for (let round = 0; round < 12; round++) {
    const start = performance.now();
    index.search(query, 10);
    rates.push((n * queries) / (performance.now() - start) / 1e6);
  }
  const timed = rates.slice(3).sort((a, b) => a - b);
  console.log(`| ${queries} | ${[timed[4]!, timed[0]!, timed.at(-1)!].map((rate) => rate.toFixed(2)).join(' | ')} |`);
}
console.log(
  `${n} random codes of ${bits} bits, ${kernel}, ${(index.stats().bytes / n).toFixed(1)} bytes a code, Node ${process.version}`,
);
