// Assembles scripts/scan.wat into src/search/scan-kernel.ts, the bytes as a text, so that nothing has to be fetched or bundled.
// node scripts/make-scan-kernel.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import makeWabt from 'wabt';

const source = fileURLToPath(new URL('scan.wat', import.meta.url));
const path = fileURLToPath(new URL('../src/search/scan-kernel.ts', import.meta.url));

const wabt = await makeWabt();
const module = wabt.parseWat('scan.wat', readFileSync(source, 'utf8'));
module.validate();
const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
const lines = base64.match(/.{1,100}/g).map((line) => `  '${line}',`);
const text = `// Made by scripts/make-scan-kernel.mjs out of scripts/scan.wat. Do not edit.\nexport const scanKernel = [\n${lines.join('\n')}\n].join('');\n`;

if (!process.argv.includes('--check')) writeFileSync(path, text);
else if (readFileSync(path, 'utf8') !== text) {
  console.error('src/search/scan-kernel.ts is out of date: run `node scripts/make-scan-kernel.mjs`');
  process.exit(1);
}
