import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { InstallError } from './install-error.mjs';
import { lastLine, run } from './run.mjs';

const require = createRequire(import.meta.url);

/** @throws InstallError engine/no-compiler */
export async function findCompiler(env) {
  for (const command of [env.CXX, 'g++', 'clang++', 'c++'].filter(Boolean)) {
    if ((await run(command, ['--version'], { env, timeoutSeconds: 60 })).code === 0) return command;
  }
  throw new InstallError('engine/no-compiler', 'no C++ compiler (g++ or clang++) found');
}

/** How a compiler links against the library in `folder`, which is looked for in `runPath` when the addon is loaded. */
export function linkFlags(plan, folder, runPath, platform = process.platform) {
  return platform === 'darwin'
    ? [
        '-bundle',
        '-undefined',
        'dynamic_lookup',
        `-Wl,-rpath,${runPath}`,
        ...plan.libraries.map((name) => join(folder, name)),
      ]
    : ['-shared', `-L${folder}`, ...plan.libraries.map((name) => `-l:${name}`), `-Wl,-rpath,${runPath}`];
}

/**
 * Compiles the N-API addon of tfjs-node against the unpacked library and loads it once in a process of its own.
 * The sources are the ones that tfjs-node ships; only the headers of the C API and of N-API are needed.
 * @throws InstallError engine/no-compiler, engine/compile-failed, engine/load-failed
 */
export async function compileAddon(plan, folder, { env, log, tfjsNode, platform = process.platform }) {
  const compiler = await findCompiler(env);
  log('engine: compiling the addon');
  mkdirSync(join(folder, 'lib', 'napi-v8'), { recursive: true });
  const addon = 'lib/napi-v8/tfjs_binding.node';
  const runPath = `${platform === 'darwin' ? '@loader_path' : '$ORIGIN'}/../../deps/lib`;
  const { code, output } = await run(
    compiler,
    [
      ...['-std=c++17', '-O2', '-fPIC', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding'],
      ...['-I', join(folder, 'include'), '-I', join(tfjsNode, '..'), '-I', require('node-api-headers').include_dir],
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(tfjsNode, 'binding', name)),
      ...['-o', join(folder, addon)],
      ...linkFlags(plan, join(folder, 'deps/lib'), runPath, platform),
    ],
    { env },
  );
  if (code !== 0)
    throw new InstallError('engine/compile-failed', `compiling the addon with ${compiler} failed: ${lastLine(output)}`);
  rmSync(join(folder, 'include'), { recursive: true, force: true });
  const loaded = await run(process.execPath, ['-e', 'require(process.argv[1])', join(folder, addon)], {
    env,
    timeoutSeconds: 120,
  });
  if (loaded.code !== 0) {
    throw new InstallError('engine/load-failed', `the compiled addon does not load: ${lastLine(loaded.output)}`);
  }
  return [addon];
}
