import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sourceFiles } from '../repository/source-files.mjs';
import { withImporter } from './lock-importer.mjs';

const repository = join(__dirname, '..', '..');
const name = 'smoke-signal';
const folder = `packages/${name}`;
const pnpm = ['npx', '-y', 'pnpm@10'];
let root: string;

/** Runs a program in the copy; its output is in the failure where it does not end with 0. */
function run([program, ...args]: readonly string[], cwd = root): string {
  // pnpm and jest tell their children where they were started; here nothing may come from there.
  const inherited = Object.entries(process.env).filter(
    ([key]) => !/^(?:npm_|pnpm_|INIT_CWD|NODE_OPTIONS|JEST_|CI$)/.test(key),
  );
  const ended = spawnSync(program!, args, {
    cwd,
    encoding: 'utf8',
    env: Object.fromEntries(inherited),
    maxBuffer: 1e8,
  });
  const output = `${ended.stdout}${ended.stderr}`;
  if (ended.status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${ended.status}:\n${output}`);
  return output;
}

/** The lines of a check of the whole repository that are about the new paper, whatever the check says of others. */
function linesOn(...[program, ...args]: string[]): string[] {
  const { stdout, stderr, status } = spawnSync(program!, args, { cwd: root, encoding: 'utf8', maxBuffer: 1e8 });
  expect([0, 1]).toContain(status);
  return `${stdout}${stderr}`.split('\n').filter((line) => line.includes(name));
}

const node = (...args: string[]) => run([process.execPath, ...args]);
const bin = (program: string) => join(root, 'node_modules', '.bin', program);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'new-paper-workspace-'));
  for (const path of sourceFiles(repository)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(join(repository, path), join(root, path));
  }
  node('scripts/new-paper.mjs', name);
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const lock = join(root, 'pnpm-lock.yaml');
  writeFileSync(lock, withImporter(readFileSync(lock, 'utf8'), folder, manifest));
  // From the store that the repository was installed from: nothing is downloaded.
  run([...pnpm, 'install', '--offline', '--frozen-lockfile']);
  node('packages/engine/install/cli.mjs', 'install');
}, 600_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

it('passes lint and format, as it was generated', () => {
  run([bin('biome'), 'check', '--error-on-warnings', folder, 'tools/packed/ceilings.json']);
});

it('passes the type check', () => {
  run([...pnpm, '--filter', `@tensor-papers/${name}`, 'run', 'typecheck']);
});

it('passes its tests', () => {
  // How long they take is not asked here: the machine may be busy with other packages.
  const output = run([...pnpm, '--filter', `@tensor-papers/${name}`, 'run', 'test', '--testTimeout=600000']);
  const [, failed, passed] = /Tests: +(?:(\d+) failed, )?(\d+) passed, \2 total/.exec(output) ?? [];
  expect([failed, Number(passed) > 25]).toEqual([undefined, true]);
});

it('builds, and its package is what package managers expect', () => {
  run([...pnpm, '--filter', `@tensor-papers/${name}`, 'run', 'build']);
  run([...pnpm, '--filter', `@tensor-papers/${name}`, 'run', 'check:package']);
  // `--only install` besides would ask a registry.
  run([...pnpm, 'check:packed', name, '--only', 'contents,bundles,api']);
});

it('stands in the list of papers, runs, and stands in the report', () => {
  expect(node('scripts/papers.mjs', 'list')).toMatch(new RegExp(`^${name} .*REPLACE`, 'm'));
  node('scripts/papers.mjs', 'run', name, '--preset', 'smoke');
  const result = JSON.parse(readFileSync(join(root, '.results', 'smoke', `${name}.json`), 'utf8'));
  expect(result.claims).toMatchObject([
    { id: 'H1', n: 1, verdict: null },
    { id: 'H2', n: 1, verdict: null },
  ]);
  expect(result.claims.every(({ effect }: { effect: number }) => Number.isFinite(effect))).toBe(true);
  const site = join(root, '.results', 'report');
  node('scripts/papers.mjs', 'report', '--demo', join(root, '.results', 'smoke'), '--out', site);
  const page = (path: string) => readFileSync(join(site, path), 'utf8');
  // Not `toContain`, which would print whole pages.
  expect(page('index.html').includes(`href="${name}/index.html"`)).toBe(true);
  for (const text of ['REPLACE: title of the paper', 'What each arm gains over one-hot labels', 'smoothed-0.4']) {
    expect([text, page(`${name}/index.html`).includes(text)]).toEqual([text, true]);
  }
});

it('is benched once: the second time, what turbo has kept stands for the run', () => {
  const bench = () =>
    run([bin('turbo'), 'run', 'bench', `--filter=@tensor-papers/${name}`, '--cache=local:rw', '--output-logs=none']);
  expect(bench()).toMatch(/Cached: +0 cached, 1 total/);
  rmSync(join(root, folder, '.results'), { recursive: true });
  expect(bench()).toMatch(/Cached: +1 cached, 1 total/);
  const result = JSON.parse(readFileSync(join(root, folder, '.results', 'quick', `${name}.json`), 'utf8'));
  expect(result.preset).toBe('quick');
});

it('passes the repository checks and the search for unused files', () => {
  expect(linesOn(process.execPath, 'scripts/check-repository.mjs')).toEqual([]);
  // Without `--no-config-hints` every package is named that has no file for one of the patterns.
  expect(linesOn(bin('knip'), '--no-config-hints')).toEqual([]);
});
