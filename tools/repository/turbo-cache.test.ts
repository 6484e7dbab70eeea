import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sourceFiles } from './source-files.mjs';

const repository = join(__dirname, '..', '..');
const turbo = join(repository, 'node_modules', '.bin', 'turbo');
let root: string;

/** What `turbo run bench` would run: the hash of each paper's task, which is what its cache is looked up by. */
function benchHashes(engine = 'tensorflow'): Record<string, string> {
  const env = { ...process.env, TENSOR_PAPERS_ENGINE: engine, TURBO_TELEMETRY_DISABLED: '1' };
  const { stdout, stderr } = spawnSync(turbo, ['run', 'bench', '--dry=json'], { cwd: root, env, encoding: 'utf8' });
  if (!stdout.startsWith('{')) throw new Error(`turbo printed no plan:\n${stdout}${stderr}`);
  const { tasks } = JSON.parse(stdout) as { tasks: { package: string; task: string; hash: string; command: string }[] };
  const benches = tasks.filter(({ task, command }) => task === 'bench' && command !== '<NONEXISTENT>');
  return Object.fromEntries(benches.map((each) => [each.package.replace('@tensor-papers/', ''), each.hash]));
}

/** The papers that run again after a change. */
function runsAgain(before: Record<string, string>, after: Record<string, string>): string[] {
  return Object.keys(after).filter((name) => after[name] !== before[name]);
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'turbo-cache-'));
  for (const path of sourceFiles(repository)) {
    if (path.startsWith('results/')) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(join(repository, path), join(root, path));
  }
});
afterAll(() => rmSync(root, { recursive: true }));

it('a benchmark runs again what was touched, and nothing else', () => {
  const first = benchHashes();
  const papers = Object.keys(first);
  expect(papers).toEqual(expect.arrayContaining(['ban', 'triplet']));
  expect(runsAgain(first, benchHashes())).toEqual([]);
  expect(runsAgain(first, benchHashes('wasm'))).toEqual(papers);

  appendFileSync(join(root, 'README.md'), '\n');
  appendFileSync(join(root, 'docs', 'architecture.md'), '\n');
  expect(runsAgain(first, benchHashes())).toEqual([]);

  appendFileSync(join(root, 'packages', 'ban', 'src', 'loss.ts'), '\n');
  const second = benchHashes();
  expect(runsAgain(first, second)).toEqual(['ban']);

  appendFileSync(join(root, 'packages', 'numerics', 'src', 'random', 'rng.ts'), '\n');
  expect(runsAgain(second, benchHashes())).toEqual(papers);
}, 120_000);
