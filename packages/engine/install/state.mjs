import { join } from 'node:path';
import { engineCache, findDamage } from './cache.mjs';
import { findPackage } from './index.mjs';
import { isLinked, linkEngine } from './link.mjs';
import { installPlan } from './plan.mjs';

/** What is installed, without changing anything. `damage` says why the cached library cannot be used; undefined where it can. */
export async function installState({ env = process.env, from } = {}) {
  const tfjsNode = findPackage('@tensorflow/tfjs-node', from);
  const plan = installPlan();
  const folder = plan && join(engineCache(env), plan.key);
  return {
    tfjsNode,
    linked: tfjsNode !== undefined && (await isLinked(tfjsNode)),
    wasm: findPackage('@tensorflow/tfjs-backend-wasm', from) !== undefined,
    folder,
    damage:
      folder === undefined ? `there is no library for ${process.platform} ${process.arch}` : await findDamage(folder),
  };
}

/** Links tfjs-node to the cached library again where a package manager has pruned the link. Never downloads. */
export async function restore({ env = process.env, from } = {}) {
  const { tfjsNode, linked, folder, damage } = await installState({ env, from });
  if (tfjsNode === undefined || linked || folder === undefined || damage !== undefined) return false;
  linkEngine(tfjsNode, folder);
  return true;
}
