// `pnpm test`: provides the engine, runs every package's tests and type check, lint and the repository checks,
// and closes with one line that counts them all.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readWorkspace } from '../tools/repository/workspace.mjs';
import { provideEngine } from './provide-engine.mjs';
import { localProgram, root, runProgram, runTurbo } from './run.mjs';

const args = process.argv.slice(2);
const startedAt = performance.now();
const engine = await provideEngine();
const packages = readWorkspace(root);
const summaryOf = ({ folder }) => join(root, folder, 'test-results', 'summary.json');
for (const each of packages) rmSync(summaryOf(each), { force: true });
console.error(`set-up ${((performance.now() - startedAt) / 1000).toFixed(1)} s, engine ${engine}`);

const steps = [
  ['tests', () => runTurbo(['test'], { engine, args: ['--continue=always', ...args] })],
  ['type check', () => runTurbo(['typecheck'], { engine, args: ['--continue=always', ...args] })],
  ['lint', () => runProgram(localProgram('biome'), ['check', '--error-on-warnings', '.'])],
  ['repository checks', () => runProgram(process.execPath, ['scripts/check-repository.mjs'])],
  ['unused files and dependencies', () => runProgram(localProgram('knip'), [])],
];

const total = { passed: 0, failed: 0, skipped: 0 };
let interrupted = false;
for (const [name, run] of steps) {
  const code = await run();
  interrupted ||= code === 130;
  if (code !== 0) console.error(`${name}: failed`);
  if (name === 'tests') {
    const summaries = packages.map(summaryOf).filter((path) => existsSync(path));
    for (const path of summaries) {
      const summary = JSON.parse(readFileSync(path, 'utf8'));
      for (const key of Object.keys(total)) total[key] += summary[key];
    }
    // A jest that dies before its reporter leaves no summary: still a failure.
    if (code !== 0 && total.failed === 0) total.failed = 1;
  } else {
    total[code === 0 ? 'passed' : 'failed'] += 1;
  }
  if (interrupted) break;
}

const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(interrupted ? 130 : total.failed === 0 ? 0 : 1);
