// Bundles src/workers/scan-task.ts with what it needs into a text that a thread of Node or of a browser runs, so that nothing has to be
// fetched or bundled. node scripts/make-scan-worker.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { buildSync } = createRequire(require.resolve('tsup'))('esbuild');
const folder = fileURLToPath(new URL('../src/workers/', import.meta.url));
const path = `${folder}scan-worker-code.ts`;

const contents = `
  import { serveScans } from './scan-task.js';
  const port = globalThis.process?.getBuiltinModule?.('node:worker_threads').parentPort;
  if (port) serveScans((receive) => port.on('message', receive), (reply, transfer) => port.postMessage(reply, transfer));
  else serveScans((receive) => { onmessage = ({ data }) => receive(data); }, (reply, transfer) => postMessage(reply, transfer));
`;
const { outputFiles } = buildSync({
  stdin: { contents, resolveDir: folder },
  bundle: true,
  minify: true,
  write: false,
  format: 'iife',
  platform: 'neutral',
  target: 'es2022',
  treeShaking: true,
  conditions: ['@tensor-papers/source'],
  legalComments: 'none',
});
const code = outputFiles[0].text.trim().replace(/[\\`]|\$\{/g, '\\$&');
const text = `// Made by scripts/make-scan-worker.mjs out of scan-task.ts. Do not edit.\nexport const scanWorkerCode = \`${code}\`;\n`;

if (!process.argv.includes('--check')) writeFileSync(path, text);
else if (readFileSync(path, 'utf8') !== text) {
  console.error('src/workers/scan-worker-code.ts is out of date: run `node scripts/make-scan-worker.mjs`');
  process.exit(1);
}
