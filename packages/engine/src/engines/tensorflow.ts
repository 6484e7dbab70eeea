import * as tf from '@tensorflow/tfjs';
import { recordChanges } from '../engine-changes.js';
import { loadInstaller } from '../installer.js';
import { loadNativeOperations } from '../kernels/tensorflow/native-operations.js';
import type { NodeBackend } from '../kernels/tensorflow/node-backend.js';
import { registerNativeKernels, registerTensorflowKernels } from '../kernels/tensorflow/register.js';
import { applyPatches, kernelPatches } from '../patches/apply.js';
import type { Engine } from './engine.js';
import { loadPackage } from './load-package.js';

/** TensorFlow's own library through `@tensorflow/tfjs-node`: Node only, all cores. */
export const tensorflow: Engine = {
  name: 'tensorflow',
  async start({ threads, stock }) {
    if (typeof process === 'undefined' || !process.versions?.node) throw new Error('it runs in Node only');
    prepareEnvironment(threads);
    patchNodeUtil();
    await (await loadInstaller()).restore({ from: process.cwd() });
    try {
      await loadPackage('@tensorflow/tfjs-node');
    } catch (error) {
      throw new Error(describe(error), { cause: error });
    }
    if (!(await tf.setBackend('tensorflow'))) throw new Error('its backend does not start');
    await tf.ready();
    const cores = Number(process.env.TF_NUM_INTRAOP_THREADS) || availableCores();
    if (!stock) await registerOwn(cores);
    const { binding } = tf.backend() as unknown as NodeBackend;
    return { version: binding.TF_Version, threads: cores };
  },
};

/** This package's kernels, gradients and patches. */
async function registerOwn(cores: number): Promise<void> {
  recordChanges(() => registerTensorflowKernels());
  // This package's own operations compute on the processor.
  if ((tf.backend() as unknown as NodeBackend).binding.isUsingGpuDevice()) return;
  if (!(await loadNativeOperations(cores))) return;
  recordChanges(() => registerNativeKernels());
  applyPatches(kernelPatches);
}

/** The library reads these once, when it starts. What the user has set stays. */
function prepareEnvironment(threads: number | undefined): void {
  const { env } = process;
  env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  if (threads === undefined) return;
  env.TF_NUM_INTRAOP_THREADS = String(threads);
  env.TF_NUM_INTEROP_THREADS = String(threads);
}

/** tfjs-node 4.22 calls two helpers of which Node 22 warns and which Node 23 removed. */
function patchNodeUtil(): void {
  const util = process.getBuiltinModule?.('node:util') as
    | { isNullOrUndefined?: unknown; isArray?: unknown }
    | undefined;
  if (!util) return;
  util.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  util.isArray = Array.isArray;
}

/** tfjs-node's own message is long and advises a rebuild that cannot work where its download host is out of reach. */
function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('tfjs_binding') || message.includes('node-pre-gyp')) {
    return "TensorFlow's library is not installed (`npx @tensor-papers/engine install` does that)";
  }
  return message.split('\n')[0]!;
}

function availableCores(): number {
  return process.getBuiltinModule?.('node:os').availableParallelism() ?? 1;
}
