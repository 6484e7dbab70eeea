// Saves or appends to a file without end, 1,000 codes at a time, and says after each how many there are: killed by a test.
import { appendCodes, saveCodes } from '../src/node.js';

const [file, verb] = process.argv.slice(2) as [string, 'save' | 'append'];
const codes = (from: number, to: number) => ({
  n: to - from,
  bits: 32,
  words: Uint32Array.from({ length: to - from }, (_, i) => from + i),
});

await saveCodes(file, { codes: codes(0, 1000) });
for (let n = 1000; ; n += 1000) {
  if (verb === 'save') await saveCodes(file, { codes: codes(0, n + 1000) });
  else await appendCodes(file, codes(n, n + 1000));
  console.log(n + 1000);
}
