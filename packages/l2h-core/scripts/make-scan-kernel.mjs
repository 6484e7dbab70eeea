// Assembles scripts/scan.wat into src/search/scan-kernel.ts, the bytes as a text, so that nothing has to be fetched or bundled.
// node scripts/make-scan-kernel.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import makeWabt from 'wabt';

const source = fileURLToPath(new URL('scan.wat', import.meta.url));
const path = fileURLToPath(new URL('../src/search/scan-kernel.ts', import.meta.url));

const wabt = await makeWabt();
const wat = readFileSync(source, 'utf8');

/** The module as lines of a text, over a memory of one thread or a shared one; bundlers leave a pure call out where nothing needs it. */
function assemble(memory) {
  const module = wabt.parseWat('scan.wat', wat.replace('(memory 1)', memory), { threads: true });
  module.validate({ threads: true });
  const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
  return `/* @__PURE__ */ [\n${base64
    .match(/.{1,100}/g)
    .map((line) => `  '${line}',`)
    .join('\n')}\n].join('')`;
}

const text = `// Made by scripts/make-scan-kernel.mjs out of scripts/scan.wat. Do not edit.
export const scanKernel = ${assemble('(memory 1)')};

/** The same over a memory that threads share. */
export const sharedScanKernel = ${assemble('(memory 1 65535 shared)')};
`;

if (!process.argv.includes('--check')) writeFileSync(path, text);
else if (readFileSync(path, 'utf8') !== text) {
  console.error('src/search/scan-kernel.ts is out of date: run `node scripts/make-scan-kernel.mjs`');
  process.exit(1);
}
