import * as tf from '@tensorflow/tfjs';
import { recordChanges } from '../engine-changes.js';
import { registerCpuKernels } from '../kernels/cpu/register.js';
import type { Engine } from './engine.js';

/** Plain JavaScript: runs everywhere, one thread, hundreds of times slower than a native library. */
export const cpu: Engine = {
  name: 'cpu',
  async start({ stock }) {
    await tf.setBackend('cpu');
    await tf.ready();
    if (!stock) recordChanges(() => registerCpuKernels());
    // At its first use the backend would print an advertisement for the installer that this package replaces.
    const backend = tf.backend() as { firstUse?: boolean };
    if ('firstUse' in backend) backend.firstUse = false;
    return { version: tf.version.tfjs, threads: 1 };
  },
};
