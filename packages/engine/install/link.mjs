import { existsSync, lstatSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { findDamage } from './cache.mjs';
import { InstallError } from './install-error.mjs';

const addonOf = (tfjsNode) => join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');

/** Whether tfjs-node finds a complete engine: a link into an undamaged cache, or files of its own installer. `key`: that very one of the cache. */
export async function isLinked(tfjsNode, key) {
  // existsSync follows links, so a dangling one counts as missing.
  if (!existsSync(addonOf(tfjsNode))) return false;
  const lib = join(tfjsNode, 'lib');
  if (!lstatSync(lib).isSymbolicLink()) return key === undefined;
  const folder = dirname(realpathSync(lib));
  return (key === undefined || basename(folder) === key) && (await findDamage(folder)) === undefined;
}

/**
 * Points `<tfjs-node>/lib` to the cached engine. Node resolves the link before it loads the addon, so its rpath holds.
 * @throws InstallError engine/link-failed
 */
export function linkEngine(tfjsNode, folder) {
  const lib = join(tfjsNode, 'lib');
  const temporary = `${lib}.tmp-${process.pid}`;
  try {
    rmSync(temporary, { recursive: true, force: true });
    symlinkSync(join(folder, 'lib'), temporary, process.platform === 'win32' ? 'junction' : 'dir');
    if (lstatSync(lib, { throwIfNoEntry: false })?.isDirectory()) rmSync(lib, { recursive: true, force: true });
    renameSync(temporary, lib);
  } catch (error) {
    throw new InstallError('engine/link-failed', `cannot write ${lib} (${error.code}); it has to point to ${folder}`, {
      cause: error,
    });
  }
}

/** The version of TensorFlow's library behind `<tfjs-node>/lib`: the name of the cached folder tells, tfjs-node's own download is 2.9.1. */
export function installedVersion(tfjsNode) {
  const folder = basename(dirname(realpathSync(join(tfjsNode, 'lib'))));
  return /^tensorflow-(\d[\d.]*\d)-/.exec(folder)?.[1] ?? '2.9.1';
}
