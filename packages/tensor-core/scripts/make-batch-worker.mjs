// Bundles src/train/batches-worker-task.ts with what it needs into a text that `new Worker(code, { eval: true })` runs, so that
// threads start alike from the sources, from the built package and from a user's own bundle.
// node scripts/make-batch-worker.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { buildSync } = createRequire(require.resolve('tsup'))('esbuild');
const folder = fileURLToPath(new URL('../src/train/', import.meta.url));
const path = `${folder}batches-worker-code.ts`;

const contents = `
  import { parentPort } from 'node:worker_threads';
  import { serveTasks } from './batches-worker-task.js';
  serveTasks(parentPort);
`;
const { outputFiles } = buildSync({
  stdin: { contents, resolveDir: folder },
  bundle: true,
  minify: true,
  write: false,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  conditions: ['@tensor-papers/source'],
  legalComments: 'none',
});
const code = outputFiles[0].text.trim().replace(/[\\`]|\$\{/g, '\\$&');
const text = `// Made by scripts/make-batch-worker.mjs out of batches-worker-task.ts. Do not edit.\nexport const batchWorkerCode = \`${code}\`;\n`;

if (!process.argv.includes('--check')) writeFileSync(path, text);
else if (readFileSync(path, 'utf8') !== text) {
  console.error('src/train/batches-worker-code.ts is out of date: run `node scripts/make-batch-worker.mjs`');
  process.exit(1);
}
