// What cli.mjs starts: <url of the package's module> <what is asked, as JSON>
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runEngine } from './conformance-run.mjs';

const [module, asked] = process.argv.slice(2);
const { engines, stocks, json } = JSON.parse(asked);
const read = (path) => JSON.parse(readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8'));

async function conformance() {
  const { conformanceJson, conformanceTable, formatConformance, isConformant } = await import(module);
  const { default: tf } = await import('@tensorflow/tfjs');
  const { about, cases } = read('../fixtures/conformance.json');
  const runs = [];
  for (const name of engines) {
    for (const stock of stocks) {
      console.error(`engine: ${cases.length} cases on ${name}${stock ? ', stock' : ''}`);
      runs.push(await runEngine({ module, name, stock, cases }));
    }
  }
  const { version } = read('../package.json');
  const versions = { engine: version, tfjs: tf.version.tfjs, node: process.versions.node };
  const table = conformanceTable(about, versions, runs);
  console.log(formatConformance(table));
  if (json) writeFileSync(partial, conformanceJson(table));
  return isConformant(table) ? 0 : 1;
}

/** The table is written beside its place first: the run takes a while, and a place that cannot be written is found before it. */
const partial = `${json}.${process.pid}.partial`;
try {
  if (json) closeSync(openSync(partial, 'w'));
  process.exitCode = await conformance();
  if (json) renameSync(partial, json);
} catch (error) {
  const isPlace = json && error.path === partial;
  console.error(`engine: ${isPlace ? `${json} cannot be written` : 'conformance failed'}: ${error.message}`);
  if (json) rmSync(partial, { force: true });
  process.exitCode = 1;
}
