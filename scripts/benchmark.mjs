// `pnpm benchmark`: provides the engine, runs every paper's quick preset, writes the report and says where it is.
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readWorkspace } from '../tools/repository/workspace.mjs';
import { provideEngine } from './provide-engine.mjs';
import { root, runSource, runTurbo } from './run.mjs';

const startedAt = performance.now();
const engine = await provideEngine();
const papers = readWorkspace(root).filter(({ isPaper }) => isPaper);
console.error(
  `benchmark: ${papers.length} papers, one after the other, each up to a minute on two free cores; what has not changed is not run again`,
);
const code = await runTurbo(['bench'], {
  engine,
  // One paper at a time: what it says is seen when it says it.
  logOrder: 'stream',
  args: ['--concurrency=1', '--continue=always', ...process.argv.slice(2)],
});
if (code === 130) process.exit(code);

// turbo caches only what lies inside a package; the report reads one folder.
const demo = join(root, '.results', 'quick');
mkdirSync(demo, { recursive: true });
for (const { folder } of papers) {
  const results = join(root, folder, '.results', 'quick');
  if (!existsSync(results)) continue;
  for (const file of readdirSync(results).filter((name) => name.endsWith('.json'))) {
    copyFileSync(join(results, file), join(demo, file));
  }
}

const report = join(root, '.results', 'report');
const reportCode = await runSource('apps/benchmarks', 'src/main.ts', [
  ...['--results', join(root, 'results'), '--demo', demo, '--papers', join(root, 'packages'), '--out', report],
]);
const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
console.error(`benchmark: ${seconds} s in all, engine ${engine}; open the page above in a browser`);
process.exit(code === 0 ? reportCode : code);
