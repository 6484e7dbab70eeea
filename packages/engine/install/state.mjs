import { join } from 'node:path';
import { engineCache, findDamage } from './cache.mjs';
import { findPackage } from './index.mjs';
import { findKernels } from './kernels.mjs';
import { isLinked, linkEngine } from './link.mjs';
import { installPlan } from './plan.mjs';
import { restoreTfjsNode } from './user-project.mjs';

/**
 * What is installed, without changing anything. `damage` says why the cached library cannot be used, undefined where it can;
 * `kernels` is the addon with this package's own kernels, where it is compiled.
 */
export async function installState({ env = process.env, from } = {}) {
  const tfjsNode = findPackage('@tensorflow/tfjs-node', from);
  const plan = installPlan(process.platform, process.arch, env);
  const folder = plan && join(engineCache(env), plan.key);
  return {
    tfjsNode,
    linked: tfjsNode !== undefined && (await isLinked(tfjsNode)),
    wasm: findPackage('@tensorflow/tfjs-backend-wasm', from) !== undefined,
    folder,
    kernels: plan && (await findKernels(plan, env)),
    damage:
      folder === undefined ? `there is no library for ${process.platform} ${process.arch}` : await findDamage(folder),
  };
}

/**
 * Puts back what a package manager has pruned: tfjs-node itself in a user's project, and its link to the cached library.
 * Never downloads. @returns whether anything was put back
 */
export async function restore({ env = process.env, from } = {}) {
  const { tfjsNode, linked, folder, damage } = await installState({ env, from });
  if (linked || folder === undefined || damage !== undefined) return false;
  if (tfjsNode === undefined) return (await restoreTfjsNode({ env, from })) !== undefined;
  linkEngine(tfjsNode, folder);
  return true;
}
