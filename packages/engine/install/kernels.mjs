import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCompiler, linkFlags } from './addon.mjs';
import { engineCache, findDamage, obtain } from './cache.mjs';
import { InstallError } from './install-error.mjs';
import { lastLine, run } from './run.mjs';

const require = createRequire(import.meta.url);
const sources = fileURLToPath(new URL('../native', import.meta.url));
const addon = 'tensor_papers_kernels.node';
// Without the two -fno- flags a loop with a root or a comparison in it is not vectorised.
const flags = ['-std=c++17', '-O3', '-fno-math-errno', '-fno-trapping-math', '-fPIC', '-pthread'];

/** The cache folder of the compiled kernels: another one for every state of their sources and flags and every library. */
export function kernelsKey(plan) {
  const hash = createHash('sha256').update(flags.join(' '));
  for (const name of readdirSync(sources).sort()) hash.update(name).update(readFileSync(join(sources, name)));
  return `kernels-${hash.digest('hex').slice(0, 12)}-${plan.key}`;
}

/** The compiled kernels, where they are cached and whole. */
export async function findKernels(plan, env) {
  const folder = join(engineCache(env), kernelsKey(plan));
  return (await findDamage(folder)) === undefined ? join(folder, addon) : undefined;
}

/**
 * Compiles this package's own kernels (see native/) against the installed library and loads them once in a process of their own.
 * @param library the folder of the installed library
 * @throws InstallError engine/no-compiler, engine/compile-failed, engine/load-failed
 */
export async function compileKernels(plan, folder, { env, log, library }) {
  const compiler = await findCompiler(env);
  log('engine: compiling faster kernels');
  const files = readdirSync(sources).filter((name) => name.endsWith('.cc'));
  const { code, output } = await run(
    compiler,
    [
      ...flags,
      ...['-I', require('node-api-headers').include_dir],
      ...files.map((name) => join(sources, name)),
      ...['-o', join(folder, addon)],
      ...linkFlags(plan, join(library, 'deps/lib'), join(library, 'deps/lib')),
    ],
    { env },
  );
  if (code !== 0) throw new InstallError('engine/compile-failed', `compiling the kernels failed: ${lastLine(output)}`);
  const load = 'require(process.argv[1])';
  const loaded = await run(process.execPath, ['-e', load, join(folder, addon)], { env, timeoutSeconds: 120 });
  if (loaded.code !== 0) {
    throw new InstallError('engine/load-failed', `the compiled kernels do not load: ${lastLine(loaded.output)}`);
  }
  return [addon];
}

/** Compiles the kernels unless they are cached. Without them everything works, slower: a failure is said, not thrown. */
export async function provideKernels(plan, { env, log, build }) {
  const library = join(engineCache(env), plan.key);
  if (!build.compileKernels || (await findDamage(library)) !== undefined) return;
  try {
    const compile = (folder) => build.compileKernels(plan, folder, { env, log, library });
    await obtain(engineCache(env), kernelsKey(plan), compile, log);
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    log(`engine: faster kernels are not available (${error.message}); training runs at the speed of TensorFlow.js`);
  }
}
