import * as tf from '@tensorflow/tfjs';
import type { Engine } from './engine.js';
import { loadPackage } from './load-package.js';

/** WebGPU, where the application has the package `@tensorflow/tfjs-backend-webgpu` and the browser a graphics adapter. */
export const webgpu: Engine = {
  name: 'webgpu',
  async start() {
    if (!(globalThis.navigator as { gpu?: unknown } | undefined)?.gpu) throw new Error('there is no WebGPU here');
    const { version_webgpu: version } = await loadPackage<{ version_webgpu: string }>(
      '@tensorflow/tfjs-backend-webgpu',
    );
    if (!(await tf.setBackend('webgpu'))) throw new Error('no graphics adapter answers');
    await tf.ready();
    return { version, threads: null };
  },
};

/** WebGL, part of TensorFlow.js; browsers only. */
export const webgl: Engine = {
  name: 'webgl',
  async start() {
    if (typeof OffscreenCanvas === 'undefined' && typeof document === 'undefined')
      throw new Error('there is no WebGL here');
    if (!(await tf.setBackend('webgl'))) throw new Error('no WebGL context can be had');
    await tf.ready();
    return { version: tf.version.tfjs, threads: null };
  },
};
