import * as tf from '@tensorflow/tfjs';
import { type EngineChanges, engineChanges } from './engine-changes.js';
import { type InstallState, loadInstaller } from './installer.js';
import { measureSpeed, type Speed } from './measure-speed.js';
import { appliedPatches } from './patches/apply.js';
import { describeEngine, type EngineInfo, type UseEngineOptions, useEngine } from './use-engine.js';

/** What {@link doctor} found. */
export interface DoctorReport {
  readonly node: string;
  readonly platform: string;
  readonly tfjs: string;
  readonly install: InstallState;
  /** Null where no engine could be had; then `problem` says why. */
  readonly engine: EngineInfo | null;
  readonly problem?: string;
  /** What this package changes in TensorFlow.js; null where no engine could be had. */
  readonly changes: (EngineChanges & { readonly patches: readonly string[] }) | null;
  readonly speed: Speed | null;
  /** What to do, one sentence each; empty when all is well. */
  readonly advice: readonly string[];
}

/**
 * Looks at what is installed, starts the engine, tests it and measures it for about two seconds. Node only; changes nothing on disk
 * but a pruned link to the cached library.
 */
export async function doctor(
  options: Pick<UseEngineOptions, 'engine' | 'threads' | 'stock'> = {},
): Promise<DoctorReport> {
  const install = await (await loadInstaller()).installState({ from: process.cwd() });
  const facts = {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    tfjs: tf.version.tfjs,
    install,
  };
  try {
    const engine = await useEngine({ ...options, log: () => {} });
    const changes = { ...engineChanges(), patches: appliedPatches() };
    return { ...facts, engine, changes, speed: await measureSpeedOf(engine), advice: advise(install, engine) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ...facts, engine: null, problem, changes: null, speed: null, advice: advise(install, null) };
  }
}

/** A stock engine that fails its self-test may lack what the measurement takes. */
async function measureSpeedOf({ selfTestError }: EngineInfo): Promise<Speed | null> {
  return Number.isFinite(selfTestError) ? measureSpeed() : null;
}

function advise(install: InstallState, engine: EngineInfo | null): string[] {
  const advice: string[] = [];
  if (install.linked && install.kernels === undefined) {
    advice.push(
      "This package's own kernels are not compiled: `npx @tensor-papers/engine install` does that where a C++ compiler is.",
    );
  }
  if (engine?.name === 'tensorflow') return advice;
  if (install.tfjsNode === undefined)
    advice.push('@tensorflow/tfjs-node is not installed: run `npx @tensor-papers/engine install`.');
  else if (!install.linked) {
    const reason = install.damage ? ` (${install.damage})` : '';
    advice.push(`TensorFlow's library is not in place${reason}: run \`npx @tensor-papers/engine install\`.`);
  }
  if (!install.wasm)
    advice.push('@tensorflow/tfjs-backend-wasm is not installed: it is the fallback that needs no compiler.');
  return advice;
}

/** The report as lines for a person. */
export function formatDoctor(report: DoctorReport): string {
  const { install, engine, changes, speed } = report;
  const library = install.damage === undefined ? 'complete' : install.damage;
  const rows: [string, string][] = [
    ['node', `${report.node} on ${report.platform}`],
    ['TensorFlow.js', report.tfjs],
    ['tfjs-node', install.tfjsNode ?? 'not installed'],
    ['library', `${install.linked ? 'linked' : 'not linked'}; cache ${install.folder ?? 'none'}: ${library}`],
    ['own kernels', install.kernels ? `compiled: ${install.kernels}` : 'not compiled'],
    ['wasm backend', install.wasm ? 'installed' : 'not installed'],
    ['runs', engine ? describeEngine(engine).replace('engine: ', '') : `nothing: ${report.problem}`],
  ];
  if (engine) {
    const { selfTestProblem, selfTestError } = engine;
    rows.push(['self-test', selfTestProblem ?? `passed (largest error ${selfTestError.toExponential(1)})`]);
  }
  if (changes) {
    const { kernelsAdded, kernelsReplaced, gradientsAdded, gradientsReplaced, patches } = changes;
    const listed = (names: readonly string[]) => (names.length > 0 ? names.join(', ') : 'none');
    rows.push(['kernels', `replaced: ${listed(kernelsReplaced)}; added: ${listed(kernelsAdded)}`]);
    rows.push(['gradients', `replaced: ${listed(gradientsReplaced)}; added: ${listed(gradientsAdded)}`]);
    rows.push(['patches', listed(patches)]);
  }
  if (speed) {
    rows.push([
      'speed',
      `${speed.matMulGflops.toFixed(1)} Gflop/s in a matrix product; ${speed.trainStepMilliseconds.toFixed(1)} ms a training step of a small CNN`,
    ]);
  }
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`);
  return [...lines, ...report.advice.map((sentence) => `advice: ${sentence}`)].join('\n');
}
