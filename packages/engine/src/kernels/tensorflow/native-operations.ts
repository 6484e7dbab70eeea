import { loadInstaller } from '../../installer.js';

interface NativeAddon {
  setThreads(threads: number): void;
}

/**
 * Loads this package's own operations into TensorFlow, where they are compiled (`engine install` does that).
 *
 * @returns whether they are there
 */
export async function loadNativeOperations(threads: number): Promise<boolean> {
  const { kernels } = await (await loadInstaller()).installState({ from: process.cwd() });
  const nodeModule = process.getBuiltinModule?.('node:module');
  if (kernels === undefined || !nodeModule) return false;
  const addon = nodeModule.createRequire(kernels)(kernels) as NativeAddon;
  addon.setThreads(threads);
  return true;
}
