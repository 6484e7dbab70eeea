import * as tf from '@tensorflow/tfjs';

/** What this package changes in TensorFlow.js on a backend: names, sorted. */
export interface EngineChanges {
  /** Kernels that the backend lacks. */
  readonly kernelsAdded: readonly string[];
  /** Kernels in the place of stock ones. */
  readonly kernelsReplaced: readonly string[];
  /** Gradients that TensorFlow.js lacks. */
  readonly gradientsAdded: readonly string[];
  /** Gradients in the place of stock ones. */
  readonly gradientsReplaced: readonly string[];
}

/** What stood there before, by name: undefined where nothing did. */
type Changes = Map<string, unknown>;

const kernels = new Map<string, Changes>();
const gradients: Changes = new Map();

/** Runs `register` and notes what it changes in the registries of kernels (of the current backend) and of gradients (of all). */
export function recordChanges(register: () => void): void {
  const backend = tf.getBackend();
  const kernelsBefore = kernelsByName(backend);
  // The cpu backend is part of TensorFlow.js, and has about every kernel that there is.
  const known = [...kernelsByName('cpu').keys(), ...kernelsBefore.keys()];
  const gradientsBefore = new Map(known.map((name) => [name, tf.getGradient(name)]));
  register();
  const ofBackend = kernels.get(backend) ?? new Map<string, unknown>();
  kernels.set(backend, ofBackend);
  const kernelsAfter = kernelsByName(backend);
  for (const [name, kernel] of kernelsAfter) note(ofBackend, name, kernelsBefore.get(name), kernel);
  for (const name of new Set([...known, ...kernelsAfter.keys()])) {
    note(gradients, name, gradientsBefore.get(name), tf.getGradient(name));
  }
}

/** What was noted for the current backend in this process. */
export function engineChanges(): EngineChanges {
  const names = (changes: Changes | undefined, isAdded: boolean) =>
    [...(changes ?? [])]
      .filter(([, before]) => (before === undefined) === isAdded)
      .map(([name]) => name)
      .sort();
  const ofBackend = kernels.get(tf.getBackend());
  return {
    kernelsAdded: names(ofBackend, true),
    kernelsReplaced: names(ofBackend, false),
    gradientsAdded: names(gradients, true),
    gradientsReplaced: names(gradients, false),
  };
}

function kernelsByName(backend: string): Map<string, tf.KernelConfig> {
  return new Map(tf.getKernelsForBackend(backend).map((kernel) => [kernel.kernelName, kernel]));
}

function note(changes: Changes, name: string, before: unknown, after: unknown): void {
  if (before !== after && !changes.has(name)) changes.set(name, before);
}
