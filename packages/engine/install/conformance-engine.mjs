// What conformance-process.mjs starts for each engine: <url of the package's module> <number of the first case>. Speaks to its parent by messages.
import { readFileSync } from 'node:fs';

const [url, first] = process.argv.slice(2);
// Waits until it is written: what follows may end the process without notice.
const tell = (message) => new Promise((resolve) => process.send(message, resolve));
try {
  const { runCase, useEngine } = await import(url);
  const { cases } = JSON.parse(readFileSync(new URL('../fixtures/conformance.json', import.meta.url), 'utf8'));
  const { version, tfjs } = await useEngine({ log: () => {} });
  await tell({ started: { version, tfjs } });
  for (const each of cases.slice(Number(first))) await tell({ result: runCase(each) });
  await tell({ done: true });
} catch (error) {
  await tell({ problem: error instanceof Error ? error.message.split('\n')[0] : String(error) });
}
// A backend may leave timers or threads behind that keep a process alive.
process.exit(0);
