import { existsSync, lstatSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { InstallError } from './install-error.mjs';
import { lastLine, run } from './run.mjs';

/**
 * tfjs-node's own installer: an older TensorFlow (2.9.1) and a ready-made addon from the project's download host.
 * It writes into tfjs-node's folder; what a failed attempt leaves there is removed.
 * @throws InstallError engine/official-failed
 */
export async function installOfficial(tfjsNode, { env, log }) {
  log("engine: trying tfjs-node's own download (TensorFlow 2.9.1)");
  const lib = join(tfjsNode, 'lib');
  // It would write through a link into the cache.
  if (lstatSync(lib, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(lib);
  // It calls `node-pre-gyp` by name, which npm has on the path of an install script.
  const programs = [join(tfjsNode, 'node_modules', '.bin'), join(tfjsNode, '..', '..', '.bin')];
  const { code, output } = await run(process.execPath, [join(tfjsNode, 'scripts', 'install.js')], {
    env: {
      ...env,
      PATH: [...programs, env.PATH ?? env.Path].filter(Boolean).join(delimiter),
      npm_config_build_from_source: 'false',
    },
    cwd: tfjsNode,
    timeoutSeconds: 600,
  });
  if (code === 0 && existsSync(join(lib, 'napi-v8', 'tfjs_binding.node'))) return;
  for (const folder of [join(tfjsNode, 'deps'), lib]) rmSync(folder, { recursive: true, force: true });
  throw new InstallError('engine/official-failed', `tfjs-node's own download failed: ${lastLine(output)}`);
}
