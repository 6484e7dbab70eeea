import * as tf from '@tensorflow/tfjs';
import { recordChanges } from '../engine-changes.js';
import { registerWasmKernels } from '../kernels/wasm/register.js';
import type { Engine } from './engine.js';
import { loadPackage } from './load-package.js';

interface WasmModule {
  readonly version_wasm: string;
  setThreadsCount(threads: number): void;
  getThreadsCount(): number;
}

/** WebAssembly: runs everywhere without installation; its missing training kernels are added here. */
export const wasm: Engine = {
  name: 'wasm',
  async start({ threads, stock }) {
    const module = await loadPackage<WasmModule>('@tensorflow/tfjs-backend-wasm');
    if (threads !== undefined) module.setThreadsCount(threads);
    if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly module could not be started');
    await tf.ready();
    if (!stock) recordChanges(() => registerWasmKernels());
    return { version: module.version_wasm, threads: module.getThreadsCount() };
  },
};
