// One of several writers of one file. Saves, or appends, so many batches of 100 codes, tries again while another writer has the file, and says the
// number of each batch that is done: writer · 2²⁴ + batch · 2⁸ + place is the code.
import { setTimeout as wait } from 'node:timers/promises';
import { appendCodes, saveCodes } from '../src/node.js';

const [file, verb, writer, batches] = process.argv.slice(2) as [string, 'save' | 'append', string, string];

for (let batch = 0; batch < Number(batches); batch++) {
  const words = Uint32Array.from({ length: 100 }, (_, i) => Number(writer) * 2 ** 24 + batch * 2 ** 8 + i);
  const codes = { n: 100, bits: 32, words };
  for (;;) {
    try {
      await (verb === 'save' ? saveCodes(file, { codes }) : appendCodes(file, codes));
      break;
    } catch (error) {
      if ((error as { code?: string }).code !== 'l2h/file-access') throw error;
      await wait(Math.random() * 5);
    }
  }
  console.log(batch);
}
