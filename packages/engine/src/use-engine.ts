import * as tf from '@tensorflow/tfjs';
import { recordChanges } from './engine-changes.js';
import { type EngineName, enginesToTry, parseEngine } from './engine-name.js';
import { webgl, webgpu } from './engines/browser-gpu.js';
import { cpu } from './engines/cpu.js';
import type { Engine } from './engines/engine.js';
import { tensorflow } from './engines/tensorflow.js';
import { wasm } from './engines/wasm.js';
import { EngineOptionError, EngineUnavailableError } from './errors.js';
import { estimateTrainingStep } from './estimate-training-step.js';
import { registerRepairedGradients } from './gradients/register.js';
import { applyPatches, enginePatches } from './patches/apply.js';
import { selfTest } from './self-test.js';

/** Options of {@link useEngine}. */
export interface UseEngineOptions {
  /** Which engine; default `TENSOR_PAPERS_ENGINE`, else `auto`: the fastest that is installed and passes its self-test. */
  readonly engine?: EngineName | 'auto';
  /** Threads of this process; default `TENSOR_PAPERS_THREADS`, else the engine's own choice. TensorFlow reads it once, at its start. */
  readonly threads?: number;
  /**
   * Exactly what TensorFlow.js ships: no kernel added or replaced, no gradient repaired, nothing patched, and no refusal where the self-test
   * fails. For comparisons. Default: whether `TENSOR_PAPERS_STOCK` is 1.
   */
  readonly stock?: boolean;
  /** Where to say what runs and why others do not. Default: standard error in Node, the console in a browser. */
  readonly log?: (line: string) => void;
}

/** The engine that runs. */
export interface EngineInfo {
  readonly name: EngineName;
  /** Version of the library that computes, such as TensorFlow's. */
  readonly version: string;
  /** Threads that one operation may use; null on a graphics processor. */
  readonly threads: number | null;
  /** Version of TensorFlow.js. */
  readonly tfjs: string;
  /** Whether it runs as TensorFlow.js ships it; see {@link UseEngineOptions.stock}. */
  readonly stock: boolean;
  /** The self-test's largest error; infinite where a stock engine fails it. */
  readonly selfTestError: number;
  /** What the self-test found wrong in a stock engine. */
  readonly selfTestProblem?: string;
  /** Engines that would have been preferred, and why they do not run. */
  readonly skipped: readonly { readonly name: EngineName; readonly reason: string }[];
}

const engines: Readonly<Record<EngineName, Engine>> = { tensorflow, wasm, webgpu, webgl, cpu };

let running: EngineInfo | undefined;
/** Registered kernels, gradients and patches stay for good. */
let isRepaired = false;

/**
 * Starts the engine that TensorFlow.js computes with. Call it once, before anything else; libraries never do.
 *
 * In Node: tensorflow → wasm → cpu; in a browser: webgpu → webgl → wasm → cpu. Each one counts only after a training step gave the
 * stored numbers. A named engine is used or the call fails: there is no silent fallback.
 *
 * @throws EngineOptionError for an unknown name or a bad number of threads; EngineUnavailableError when the named engine, or
 * every engine, cannot be had
 * @example
 * const { name, version, threads } = await useEngine();
 */
export async function useEngine(options: UseEngineOptions = {}): Promise<EngineInfo> {
  const { log = logLine } = options;
  const asked = parseEngine(options.engine ?? (environment('TENSOR_PAPERS_ENGINE') || 'auto'));
  const threads = parseThreads(options.threads ?? environment('TENSOR_PAPERS_THREADS'));
  const stock = options.stock ?? parseStock(environment('TENSOR_PAPERS_STOCK'));
  const isAsked = asked === 'auto' || asked === running?.name;
  if (running && isAsked && stock === running.stock && tf.getBackend() === running.name) return running;
  if (stock && isRepaired) {
    throw new EngineOptionError('stock: expected a process in which no repaired engine has started; start another one');
  }

  const skipped: { name: EngineName; reason: string }[] = [];
  for (const name of asked === 'auto' ? enginesToTry(isNode()) : [asked]) {
    try {
      isRepaired ||= !stock;
      const started = await engines[name].start({ threads, stock });
      if (!stock) repair();
      const tested = stock ? await testStock() : { selfTestError: await selfTest() };
      running = { name, ...started, tfjs: tf.version.tfjs, stock, ...tested, skipped };
      log(describeEngine(running));
      if (name === 'cpu') log(await warnAboutCpu());
      return running;
    } catch (error) {
      skipped.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  const reasons = skipped.map(({ name, reason }) => `${name}: ${reason}`);
  const what = asked === 'auto' ? 'no engine can be had' : `the engine ${asked} cannot be had`;
  throw new EngineUnavailableError(`${what} (${reasons.join('; ')})`, reasons);
}

/** What is wrong, or slow, on every engine. */
function repair(): void {
  recordChanges(registerRepairedGradients);
  applyPatches(enginePatches);
}

/** One line for a person: what runs, and why others do not. */
export function describeEngine(info: EngineInfo): string {
  const { name, version, threads, tfjs, stock, selfTestProblem, skipped } = info;
  const threadText = threads === null ? '' : `, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  const others = skipped.map((each) => `; not ${each.name}: ${each.reason}`).join('');
  const stockText = stock ? `, stock${selfTestProblem ? `: ${selfTestProblem}` : ''}` : '';
  return `engine: ${name} ${version}${threadText} (TensorFlow.js ${tfjs})${stockText}${others}`;
}

/** Stock wasm lacks what one training step takes: a finding, not an end. */
async function testStock(): Promise<Pick<EngineInfo, 'selfTestError' | 'selfTestProblem'>> {
  try {
    return { selfTestError: await selfTest() };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { selfTestError: Number.POSITIVE_INFINITY, selfTestProblem: problem.split('\n')[0]! };
  }
}

async function warnAboutCpu(): Promise<string> {
  const seconds = await estimateTrainingStep();
  return `engine: cpu is plain JavaScript: one training step of a small CNN (64 images of 32 × 32) takes about ${seconds.toFixed(1)} s; \`npx @tensor-papers/engine install\` brings a fast one`;
}

function parseThreads(value: number | string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  const threads = Number(value);
  if (Number.isInteger(threads) && threads >= 1) return threads;
  throw new EngineOptionError(`threads: expected a whole number of at least 1, got '${value}'`);
}

function parseStock(value: string | undefined): boolean {
  if (value === '1') return true;
  if (value === undefined || value === '' || value === '0') return false;
  throw new EngineOptionError(`TENSOR_PAPERS_STOCK: expected 1 or 0, got '${value}'`);
}

const isNode = () => typeof process !== 'undefined' && Boolean(process.versions?.node);

const environment = (name: string) => (typeof process === 'undefined' ? undefined : process.env[name]);

function logLine(line: string): void {
  if (isNode()) process.stderr.write(`${line}\n`);
  else console.info(line);
}
