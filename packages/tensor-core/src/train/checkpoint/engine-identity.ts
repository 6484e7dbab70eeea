import * as tf from '@tensorflow/tfjs';

/** What decides the bits that a run computes, besides its own options. */
export interface EngineIdentity {
  /** Name of the TensorFlow.js backend. */
  readonly name: string;
  /** Version of the library that computes. */
  readonly version: string;
  /** Threads of one operation; null on a graphics processor. */
  readonly threads: number | null;
  /** Version of TensorFlow.js. */
  readonly tfjs: string;
}

/** What backends have that tells their version and threads. */
interface BackendDetails {
  readonly binding?: { readonly TF_Version?: string };
  readonly wasm?: { readonly tfjs?: { getThreadsCount?(): number } };
}

/** The engine that computes now. */
export function engineIdentity(): EngineIdentity {
  const name = tf.getBackend();
  const { binding, wasm } = tf.backend() as unknown as BackendDetails;
  const version = binding?.TF_Version ?? tf.version.tfjs;
  return { name, version, threads: threadsOf(name, wasm), tfjs: tf.version.tfjs };
}

function threadsOf(name: string, wasm: BackendDetails['wasm']): number | null {
  if (name === 'wasm') return wasm?.tfjs?.getThreadsCount?.() ?? 1;
  if (name !== 'tensorflow') return name === 'cpu' ? 1 : null;
  // TensorFlow reads the variable once, when it starts, and takes all cores without it.
  const { process } = globalThis;
  return (
    Number(process?.env.TF_NUM_INTRAOP_THREADS) || (process?.getBuiltinModule?.('node:os').availableParallelism() ?? 1)
  );
}

/** The engine in words. */
export function describeIdentity({ name, version, threads, tfjs }: EngineIdentity): string {
  const threadText = threads === null ? '' : `, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return `${name} ${version}${threadText}, TensorFlow.js ${tfjs}`;
}
