import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileAddon } from './addon.mjs';
import { engineCache, findDamage, obtain } from './cache.mjs';
import { InstallError } from './install-error.mjs';
import { isLinked, linkEngine } from './link.mjs';
import { nearestName } from './nearest-name.mjs';
import { installOfficial } from './official.mjs';
import { engineNames, installPlan } from './plan.mjs';
import { unpackWheel } from './wheel.mjs';

export { engineCache } from './cache.mjs';
export { InstallError } from './install-error.mjs';
export { engineNames, installPlan, tensorflowVersion } from './plan.mjs';

/** The folder of a package as seen from this one, or from the project in `from`. */
export function findPackage(name, from) {
  const bases = [import.meta.url, ...(from ? [pathToFileURL(join(from, 'package.json')).href] : [])];
  for (const base of bases) {
    try {
      return dirname(createRequire(base).resolve(`${name}/package.json`));
    } catch {
      // Not seen from here.
    }
  }
  return undefined;
}

/** The engine that the environment asks for: a name or `auto`. @throws InstallError engine/unknown-name (exit code 2) */
export function askedEngine(env) {
  const asked = env.TENSOR_PAPERS_ENGINE || 'auto';
  if (asked === 'auto' || engineNames.includes(asked)) return asked;
  const nearest = nearestName(asked, ['auto', ...engineNames]);
  throw new InstallError(
    'engine/unknown-name',
    `engine: unknown engine '${asked}'${nearest ? ` (did you mean '${nearest}'?)` : ''}; expected one of auto, ${engineNames.join(', ')}`,
    { exitCode: 2 },
  );
}

const steps = { unpackWheel, compileAddon, installOfficial };

async function installNative(tfjsNode, { env, log, plan, build }) {
  const reasons = [];
  if (plan) {
    try {
      const folder = await obtain(
        engineCache(env),
        plan.key,
        async (temporary) => [
          ...(await build.unpackWheel(plan, temporary, { env, log })),
          ...(await build.compileAddon(plan, temporary, { env, log, tfjsNode })),
        ],
        log,
      );
      linkEngine(tfjsNode, folder);
      return { source: 'wheel', folder, reasons };
    } catch (error) {
      if (!(error instanceof InstallError)) throw error;
      reasons.push(error.message);
    }
  } else {
    reasons.push(`there is no wheel of TensorFlow for ${process.platform} ${process.arch}`);
  }
  try {
    await build.installOfficial(tfjsNode, { env, log });
    return { source: 'official', folder: tfjsNode, reasons };
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    reasons.push(error.message);
  }
  return { source: 'none', reasons };
}

/**
 * Provides the engine: links the cached one, installs it where it is missing, or says in plain sentences what is used instead.
 *
 * @returns engine: the one that will answer; source: linked, cache, wheel, official, forced or none; reasons: lines for a person
 * @throws InstallError where TENSOR_PAPERS_ENGINE is unknown (exit code 2) or names tensorflow and it cannot be had
 */
export async function provision({ env = process.env, log = () => {}, from, tfjsNode = findPackage('@tensorflow/tfjs-node', from), plan = installPlan(), build = steps } = {}) {
  const asked = askedEngine(env);
  if (asked !== 'auto' && asked !== 'tensorflow') return { engine: asked, source: 'forced', reasons: [] };
  if (tfjsNode && (await isLinked(tfjsNode))) return { engine: 'tensorflow', source: 'linked', reasons: [] };

  const cached = plan && join(engineCache(env), plan.key);
  if (tfjsNode && cached && existsSync(cached) && (await findDamage(cached)) === undefined) {
    linkEngine(tfjsNode, cached);
    return { engine: 'tensorflow', source: 'cache', folder: cached, reasons: [] };
  }

  const { source, folder, reasons } = tfjsNode
    ? await installNative(tfjsNode, { env, log, plan, build })
    : { source: 'none', reasons: ['the package @tensorflow/tfjs-node is not installed'] };
  if (source !== 'none') return { engine: 'tensorflow', source, folder, reasons: [] };

  const missing = `engine: native TensorFlow is not available (${reasons.join('; ')}).`;
  const advice = 'engine: install python3 with pip and a C++ compiler, then run `engine install` (in this repository: `npx -y pnpm@10 engine install`).';
  if (asked === 'tensorflow') throw new InstallError('engine/not-available', `${missing}\n${advice}`);
  const fallback = findPackage('@tensorflow/tfjs-backend-wasm', from) ? 'wasm' : 'cpu';
  const cost =
    fallback === 'wasm'
      ? 'engine: using wasm (one thread): everything runs, a training step costs about ten times as much.'
      : 'engine: using plain JavaScript (cpu): a training step costs several hundred times as much.';
  return { engine: fallback, source: 'none', reasons: [missing, cost, advice] };
}
