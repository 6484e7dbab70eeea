import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileAddon } from './addon.mjs';
import { engineCache, findDamage, obtain } from './cache.mjs';
import { InstallError } from './install-error.mjs';
import { compileKernels, provideKernels } from './kernels.mjs';
import { isLinked, linkEngine } from './link.mjs';
import { nearestName } from './nearest-name.mjs';
import { installOfficial } from './official.mjs';
import { engineNames, installPlan } from './plan.mjs';
import { provideTfjsNode } from './user-project.mjs';
import { installCompanions, unpackWheel } from './wheel.mjs';

export { engineCache, findDamage } from './cache.mjs';
export { InstallError } from './install-error.mjs';
export { engineNames, installPlan, listedPlan, tensorflowVersion } from './plan.mjs';
export { restoreTfjsNode } from './user-project.mjs';

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

/** The steps of the installation that reach outside. */
export const installSteps = {
  unpackWheel,
  installCompanions,
  compileAddon,
  compileKernels,
  installOfficial,
  provideTfjsNode,
};

/** What an attempt gives, or undefined after noting in `reasons` why it could not be done. */
async function attempt(action, reasons) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    reasons.push(error.message);
    return undefined;
  }
}

async function installWheel(tfjsNode, { env, log, plan, build, reinstall }) {
  const folder = await obtain(
    engineCache(env),
    plan.key,
    async (temporary) => [
      ...(await build.unpackWheel(plan, temporary, { env, log })),
      ...(plan.companions ? await build.installCompanions(plan, temporary, { env, log }) : []),
      ...(await build.compileAddon(plan, temporary, { env, log, tfjsNode })),
    ],
    log,
    { reinstall },
  );
  linkEngine(tfjsNode, folder);
  return { source: 'wheel', folder };
}

async function installOfficially(tfjsNode, { env, log, build }) {
  await build.installOfficial(tfjsNode, { env, log });
  return { source: 'official', folder: tfjsNode };
}

async function useCached(tfjsNode, { env, plan }) {
  const folder = plan && join(engineCache(env), plan.key);
  if (!folder || (await findDamage(folder)) !== undefined) return undefined;
  linkEngine(tfjsNode, folder);
  return { source: 'cache', folder };
}

/** The ways to TensorFlow's library, cheapest first. With `reinstall` the cached one is what remains when a new one cannot be had. */
async function provideLibrary(tfjsNode, options, reasons) {
  const { plan, reinstall } = options;
  if (!reinstall) {
    if (await isLinked(tfjsNode, plan?.companions && plan.key)) return { source: 'linked' };
    const cached = await attempt(() => useCached(tfjsNode, options), reasons);
    if (cached) return cached;
  }
  if (!plan) reasons.push(`there is no wheel of TensorFlow for ${process.platform} ${process.arch}`);
  const installed = plan && (await attempt(() => installWheel(tfjsNode, options), reasons));
  if (installed) return installed;
  const kept = reinstall && (await attempt(() => useCached(tfjsNode, options), reasons));
  return kept || attempt(() => installOfficially(tfjsNode, options), reasons);
}

/**
 * Provides the engine: links the cached one, installs it where it is missing, or says in plain sentences what is used instead.
 * In a project without tfjs-node, named by `from`, tfjs-node is put into its node_modules first.
 *
 * @returns engine: the one that will answer; tfjsNode: its folder; source: linked, cache, wheel, official, forced or none; reasons: lines for a person
 * @throws InstallError where TENSOR_PAPERS_ENGINE is unknown (exit code 2) or names tensorflow and it cannot be had
 */
export async function provision({
  env = process.env,
  log = () => {},
  from,
  tfjsNode = findPackage('@tensorflow/tfjs-node', from),
  plan = installPlan(process.platform, process.arch, env),
  build = installSteps,
  reinstall = false,
} = {}) {
  const asked = askedEngine(env);
  if (asked !== 'auto' && asked !== 'tensorflow') return { engine: asked, source: 'forced', reasons: [] };

  const reasons = [];
  const found = tfjsNode || (from && (await attempt(() => build.provideTfjsNode(from, { env, log }), reasons)));
  const library = found && (await provideLibrary(found, { env, log, plan, build, reinstall }, reasons));
  if (library) {
    if (plan) await provideKernels(plan, { env, log, build });
    const kept = reinstall && library.source === 'cache';
    const remark = `engine: reinstalling failed (${reasons.join('; ')}); the installed engine stays, all its files are intact.`;
    return { engine: 'tensorflow', tfjsNode: found, ...library, reasons: kept ? [remark] : [] };
  }
  if (reasons.length === 0) reasons.push('the package @tensorflow/tfjs-node is not installed');

  const missing = `engine: native TensorFlow is not available (${reasons.join('; ')}).`;
  const advice =
    'engine: install python3 with pip and a C++ compiler, then run `engine install` (in this repository: `npx -y pnpm@10 engine install`).';
  if (asked === 'tensorflow') throw new InstallError('engine/not-available', `${missing}\n${advice}`);
  const fallback = findPackage('@tensorflow/tfjs-backend-wasm', from) ? 'wasm' : 'cpu';
  const cost =
    fallback === 'wasm'
      ? 'engine: using wasm (one thread): everything runs, a training step costs about ten times as much.'
      : 'engine: using plain JavaScript (cpu): a training step costs several hundred times as much.';
  return { engine: fallback, source: 'none', reasons: [missing, cost, advice] };
}
