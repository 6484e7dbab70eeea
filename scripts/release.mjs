// `pnpm release [--publish] [--repository URL] [--pack DIR]`: packs the public packages whose version the registry does not have, checks
// them, and hands them to npm in the order in which they need one another. Without --publish npm only says what it would do. With --pack the
// tarballs of all packages go into a folder, to be installed from there, and nothing else is done.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pack, unpack } from '../tools/packed/tarball.mjs';
import { releaseOrder } from '../tools/release/order.mjs';
import { repositoryUrl, withRepository } from '../tools/release/repository.mjs';
import { readWorkspace } from '../tools/repository/workspace.mjs';
import { provideEngine } from './provide-engine.mjs';
import { root, runProgram, runTurbo } from './run.mjs';

const usage = 'usage: pnpm release [--publish] [--repository https://HOST/OWNER/NAME], or pnpm release --pack DIR';
const { values, repository } = readArguments();

const packages = releaseOrder(
  readWorkspace(root).filter(({ folder, manifest }) => folder.startsWith('packages/') && !manifest.private),
);
if (values.pack !== undefined) process.exit(await packInto(resolve(process.env.INIT_CWD ?? '.', values.pack)));

const obstacles = findObstacles();
for (const obstacle of obstacles) console.error(`release: ${obstacle}`);
if (values.publish && obstacles.length > 0) process.exit(1);

const waiting = packages.filter(({ manifest }) => !isPublished(manifest));
if (waiting.length === 0) {
  console.log('release: every package is published in its version; `npx -y pnpm@10 changeset version` makes new ones');
  process.exit(0);
}

const engine = await provideEngine();
const filters = waiting.map(({ manifest }) => `--filter=${manifest.name}`);
const checked =
  (await runTurbo(['build', 'check:package'], { engine, args: ['--output-logs=errors-only', ...filters] })) ||
  (await runProgram(process.execPath, [
    ...[join(root, 'scripts', 'packed.mjs'), ...waiting.map(({ name }) => name)],
    ...['--only', 'contents,bundles,api'],
  ]));
if (checked !== 0) process.exit(checked);

const temporary = mkdtempSync(join(tmpdir(), 'tensor-papers-release-'));
let code = 0;
try {
  for (const each of waiting) {
    code = publish(each);
    if (code !== 0) break;
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
if (!values.publish && code === 0) console.log(`release: ${waiting.length} packages would be published; nothing was`);
process.exit(code);

function readArguments() {
  try {
    const read = parseArgs({
      options: { publish: { type: 'boolean' }, repository: { type: 'string' }, pack: { type: 'string' } },
    });
    if (read.values.publish && read.values.pack !== undefined)
      throw new Error('expected --publish or --pack, got both');
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const found = repositoryUrl({ given: read.values.repository, manifest, environment: process.env });
    return { values: read.values, repository: found };
  } catch (error) {
    console.error(`release: ${error.message}\n${usage}`);
    process.exit(2);
  }
}

async function packInto(destination) {
  const filters = packages.map(({ manifest }) => `--filter=${manifest.name}`);
  console.error(`release: builds and packs ${packages.length} packages, which takes a minute the first time`);
  const code = await runTurbo(['build'], {
    engine: await provideEngine(),
    args: ['--output-logs=errors-only', ...filters],
  });
  if (code !== 0) return code;
  mkdirSync(destination, { recursive: true });
  for (const { folder } of packages) console.log(pack(join(root, folder), destination));
  return 0;
}

/** What stands in the way of publishing, each with what to do. */
function findObstacles() {
  const changed = execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }).trim();
  const changes = readdirSync(join(root, '.changeset')).filter((name) => name.endsWith('.md') && name !== 'README.md');
  return [
    ...(changed ? ['expected a clean working tree, found changes; commit them'] : []),
    ...(changes.length > 0
      ? [
          `expected no waiting changes, found ${changes.join(', ')}; run \`npx -y pnpm@10 changeset version\` and commit`,
        ]
      : []),
    ...(repository
      ? []
      : [
          'expected the address of the repository, which provenance is checked against; give --repository, or set `repository` in package.json',
        ]),
  ];
}

function isPublished({ name, version }) {
  const asked = spawnSync('npm', ['view', `${name}@${version}`, 'version', '--json'], { encoding: 'utf8' });
  if (asked.status === 0) return asked.stdout.trim() !== '';
  if (asked.stdout?.includes('"E404"')) return false;
  console.error(
    `release: the registry does not say whether it has ${name}@${version}:\n${asked.stderr ?? asked.error}`,
  );
  process.exit(1);
}

function publish({ name, folder }) {
  const unpacked = join(temporary, name);
  unpack(pack(join(root, folder), temporary), unpacked);
  const path = join(unpacked, 'package', 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  if (repository) writeFileSync(path, `${JSON.stringify(withRepository(manifest, repository, folder), null, 2)}\n`);
  const flags = ['--ignore-scripts', '--access=public', '--provenance', ...(values.publish ? [] : ['--dry-run'])];
  return spawnSync('npm', ['publish', '.', ...flags], { cwd: join(unpacked, 'package'), stdio: 'inherit' }).status ?? 1;
}
