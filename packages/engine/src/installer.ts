/** What is installed; see install/state.mjs. */
export interface InstallState {
  /** The folder of tfjs-node, where it is installed. */
  readonly tfjsNode?: string;
  /** Whether it finds TensorFlow's library. */
  readonly linked: boolean;
  readonly wasm: boolean;
  /** Where the library is cached; none where there is no library for the platform. */
  readonly folder?: string;
  /** The addon with this package's own kernels, where it is compiled. */
  readonly kernels?: string;
  /** Why the cached library cannot be used. */
  readonly damage?: string;
}

interface Installer {
  installState(options: { from: string }): Promise<InstallState>;
  restore(options: { from: string }): Promise<boolean>;
}

// Plain JavaScript that stays beside the bundle: in a variable so that bundlers leave it alone, and the same path from src and dist.
const path = '../install/state.mjs';

/** The part of the installer that looks and links, and never downloads. Node only. */
export async function loadInstaller(): Promise<Installer> {
  return (await import(/* @vite-ignore */ /* webpackIgnore: true */ path)) as Installer;
}
