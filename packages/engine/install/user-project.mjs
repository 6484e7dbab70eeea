import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { engineCache, findDamage, isAlive, obtain } from './cache.mjs';
import { InstallError } from './install-error.mjs';
import { isLinked, linkEngine } from './link.mjs';
import { installPlan, tfjsNodeVersion } from './plan.mjs';
import { lastLine, run } from './run.mjs';

const key = `tfjs-node-${tfjsNodeVersion}`;
/** Of the tarball in the registry; npm checks what it fetches against the registry, this against the version that was tried. */
const integrity = 'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==';
const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--fetch-retries=1'];

/** npm, with the user's own registry settings. On Windows `npm` is a shell script, so the program beside Node is started. */
function npm(args, options) {
  return process.platform === 'win32'
    ? run(
        process.execPath,
        [join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'), ...args],
        options,
      )
    : run('npm', args, options);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** The `node_modules` folder that gives a project its @tensorflow/tfjs, in the project's folder or above it, or undefined. */
export function findNodeModules(from) {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (existsSync(join(modules, '@tensorflow', 'tfjs', 'package.json'))) return modules;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The shared tfjs has to be one that tfjs-node was made for: the same version or a later one with the same first number. */
function checkTfjs(modules) {
  const { version } = readJson(join(modules, '@tensorflow', 'tfjs', 'package.json'));
  const [got, least] = [version, tfjsNodeVersion].map((text) => text.split('.').map(Number));
  if (got[0] === least[0] && got[1] >= least[1]) return;
  throw new InstallError(
    'engine/other-tfjs',
    `the project has @tensorflow/tfjs ${version}, tfjs-node needs ^${tfjsNodeVersion}; run \`npm install @tensorflow/tfjs@${tfjsNodeVersion}\``,
  );
}

async function fetchTarball(folder, project, { env, expected }) {
  const { code, output } = await npm(
    ['pack', `@tensorflow/tfjs-node@${tfjsNodeVersion}`, '--pack-destination', folder, ...quiet],
    { env, cwd: project, timeoutSeconds: 300 },
  );
  if (code === 127) throw new InstallError('engine/no-npm', 'npm not found; it fetches @tensorflow/tfjs-node');
  const name = code === 0 && readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (!name) {
    throw new InstallError(
      'engine/download-failed',
      `fetching @tensorflow/tfjs-node with npm failed: ${npmError(output)}`,
    );
  }
  const tarball = join(folder, name);
  const got = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (got !== expected) {
    throw new InstallError(
      'engine/wrong-checksum',
      `the downloaded @tensorflow/tfjs-node ${tfjsNodeVersion} has another checksum than the pinned one; nothing was installed`,
    );
  }
  return tarball;
}

/** npm's last lines tell where its log lies; the first error line that is no code says what happened. */
function npmError(output) {
  const errors = output
    .split('\n')
    .flatMap((line) => /^npm (?:error|ERR!) (?!code |errno )(.*\S)/.exec(line)?.[1] ?? []);
  return errors[0] ?? lastLine(output);
}

/** A package manager that finds the copy must not run anything in it: `npm rebuild` would start the download. */
function withoutScripts({ scripts: _scripts, devDependencies: _development, ...rest }) {
  return { ...rest, gypfile: false };
}

/** What tfjs-node needs besides tfjs, into `<folder>/node_modules`: the copy of tfjs has to be the project's. */
async function installDependencies(folder, dependencies, project, { env }) {
  const modules = join(folder, 'modules');
  mkdirSync(modules);
  writeFileSync(join(modules, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const settings = join(project, '.npmrc');
  if (existsSync(settings)) copyFileSync(settings, join(modules, '.npmrc'));
  const { code, output } = await npm(['install', '--prefix', modules, '--no-package-lock', ...quiet], {
    env,
    cwd: modules,
    timeoutSeconds: 300,
  });
  if (code !== 0) {
    throw new InstallError(
      'engine/download-failed',
      `fetching what tfjs-node needs with npm failed: ${npmError(output)}`,
    );
  }
  renameSync(join(modules, 'node_modules'), join(folder, 'node_modules'));
  rmSync(join(folder, 'node_modules', '.package-lock.json'), { force: true });
  rmSync(modules, { recursive: true, force: true });
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1));
}

async function buildTfjsNode(folder, project, { env, log, expected }) {
  log(`engine: fetching @tensorflow/tfjs-node ${tfjsNodeVersion} (without its install script)`);
  const tarball = await fetchTarball(folder, project, { env, expected });
  const { code, output } = await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'], { env });
  if (code !== 0) {
    throw new InstallError('engine/unpack-failed', `unpacking @tensorflow/tfjs-node failed: ${lastLine(output)}`);
  }
  rmSync(tarball);
  const manifest = withoutScripts(readJson(join(folder, 'package.json')));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const { '@tensorflow/tfjs': _shared, ...dependencies } = manifest.dependencies;
  await installDependencies(folder, dependencies, project, { env });
  return filesOf(folder);
}

/** `<modules>/@tensorflow/tfjs-node` as a copy of the cached one: a link would make Node look for tfjs beside the cache. */
function placeTfjsNode(cached, modules) {
  const target = join(modules, '@tensorflow', 'tfjs-node');
  const temporary = join(modules, '@tensorflow', `.tfjs-node-${process.pid}`);
  try {
    sweepCopies(join(modules, '@tensorflow'));
    cpSync(cached, temporary, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => path !== join(cached, 'complete.json'),
    });
    shareTfjsCore(modules, temporary);
    try {
      renameSync(temporary, target);
    } catch (error) {
      if (isSound(target)) return target;
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST' && error.code !== 'EPERM') throw error;
      rmSync(target, { recursive: true, force: true });
      renameSync(temporary, target);
    }
    return target;
  } catch (error) {
    throw new InstallError('engine/project-not-writable', `cannot write ${target} (${error.code ?? error.message})`, {
      cause: error,
    });
  } finally {
    if (existsSync(temporary)) rmSync(temporary, { recursive: true, force: true });
  }
}

/** Removes what interrupted copies left behind. */
function sweepCopies(scope) {
  for (const name of readdirSync(scope)) {
    const pid = Number(/^\.tfjs-node-(\d+)$/.exec(name)?.[1]);
    if (pid && (pid === process.pid || !isAlive(pid))) rmSync(join(scope, name), { recursive: true, force: true });
  }
}

function isSound(tfjsNode) {
  return existsSync(join(tfjsNode, 'package.json')) && existsSync(join(tfjsNode, 'dist', 'index.js'));
}

/** tfjs-node also imports tfjs-core; where the package manager does not hoist it, the copy that tfjs uses is linked. */
function shareTfjsCore(modules, tfjsNode) {
  if (existsSync(join(modules, '@tensorflow', 'tfjs-core'))) return;
  const tfjs = createRequire(realpathSync(join(modules, '@tensorflow', 'tfjs', 'package.json')));
  const core = dirname(tfjs.resolve('@tensorflow/tfjs-core/package.json'));
  mkdirSync(join(tfjsNode, 'node_modules', '@tensorflow'), { recursive: true });
  symlinkSync(
    core,
    join(tfjsNode, 'node_modules', '@tensorflow', 'tfjs-core'),
    process.platform === 'win32' ? 'junction' : 'dir',
  );
}

/**
 * Puts tfjs-node into the project of `from`, beside its tfjs: fetched once into the cache, copied into node_modules, declared nowhere.
 * Its install script is not run and not even there: `useEngine` and the installer link the library instead.
 *
 * @returns the folder of tfjs-node
 * @throws InstallError engine/no-tfjs, engine/other-tfjs, engine/no-npm, engine/download-failed, engine/wrong-checksum,
 *   engine/unpack-failed, engine/cache-not-writable, engine/project-not-writable
 */
export async function provideTfjsNode(from, { env, log, expected = integrity }) {
  const modules = findNodeModules(from);
  if (!modules) {
    throw new InstallError(
      'engine/no-tfjs',
      `@tensorflow/tfjs is not installed in ${resolve(from)}; run \`npm install @tensorflow/tfjs@${tfjsNodeVersion}\` first`,
    );
  }
  checkTfjs(modules);
  const cached = await obtain(
    engineCache(env),
    key,
    (folder) => buildTfjsNode(folder, dirname(modules), { env, log, expected }),
    log,
  );
  return placeTfjsNode(cached, modules);
}

/**
 * Puts tfjs-node and its link to the library back into a project, from the cache alone, where a package manager has removed them.
 *
 * @returns the folder of tfjs-node, or undefined where the cache does not hold what is needed or the project has no tfjs
 * @throws InstallError engine/project-not-writable, engine/link-failed
 */
export async function restoreTfjsNode({ env = process.env, from = process.cwd(), plan = installPlan() } = {}) {
  const modules = findNodeModules(from);
  if (!modules || !plan) return undefined;
  const target = join(modules, '@tensorflow', 'tfjs-node');
  if (isSound(target) && (await isLinked(target))) return target;
  const [cached, library] = [key, plan.key].map((name) => join(engineCache(env), name));
  if ((await findDamage(library)) !== undefined) return undefined;
  if (!isSound(target)) {
    if ((await findDamage(cached)) !== undefined) return undefined;
    checkTfjs(modules);
    placeTfjsNode(cached, modules);
  }
  linkEngine(target, library);
  return target;
}
