import { existsSync, lstatSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findDamage } from './cache.mjs';

const addonOf = (tfjsNode) => join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');

/** Whether tfjs-node finds a complete engine: a link into an undamaged cache, or files of its own installer. */
export async function isLinked(tfjsNode) {
  // existsSync follows links, so a dangling one counts as missing.
  if (!existsSync(addonOf(tfjsNode))) return false;
  const lib = join(tfjsNode, 'lib');
  if (!lstatSync(lib).isSymbolicLink()) return true;
  return (await findDamage(dirname(realpathSync(lib)))) === undefined;
}

/** Points `<tfjs-node>/lib` to the cached engine. Node resolves the link before it loads the addon, so its rpath holds. */
export function linkEngine(tfjsNode, folder) {
  const lib = join(tfjsNode, 'lib');
  const temporary = `${lib}.tmp-${process.pid}`;
  rmSync(temporary, { recursive: true, force: true });
  symlinkSync(join(folder, 'lib'), temporary, process.platform === 'win32' ? 'junction' : 'dir');
  if (lstatSync(lib, { throwIfNoEntry: false })?.isDirectory()) rmSync(lib, { recursive: true, force: true });
  renameSync(temporary, lib);
}
