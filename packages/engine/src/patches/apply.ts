import { adamOptimizer } from './adam-optimizer.js';
import { batchNormalizationLayer } from './batch-normalization-layer.js';
import { sigmoidCrossEntropyLoss, softmaxCrossEntropyLoss } from './cross-entropy-losses.js';
import { convolutionLayer, denseLayer } from './dense-and-conv-layers.js';
import { dropoutLayer } from './dropout-layer.js';
import { gradients } from './gradients.js';
import { momentumOptimizer } from './momentum-optimizer.js';
import type { Patch } from './patch.js';
import { sgdOptimizer } from './sgd-optimizer.js';

/** Of TensorFlow.js itself, on every engine. */
export const enginePatches: readonly Patch[] = [gradients, sigmoidCrossEntropyLoss, softmaxCrossEntropyLoss];

/** Of what kernels of this package do faster. */
export const kernelPatches: readonly Patch[] = [
  adamOptimizer,
  batchNormalizationLayer,
  convolutionLayer,
  denseLayer,
  dropoutLayer,
  momentumOptimizer,
  sgdOptimizer,
];

const undo = new Map<Patch, () => void>();

/** Applies the patches, each once; `removePatches` takes them away again. */
export function applyPatches(patches: readonly Patch[]): void {
  for (const patch of patches) {
    if (undo.has(patch)) continue;
    const target = patch.target() as Record<string, (...args: unknown[]) => unknown>;
    const stock = target[patch.method]!;
    target[patch.method] = patch.replace(stock);
    undo.set(patch, () => {
      target[patch.method] = stock;
    });
  }
}

/** The names of those that are applied. */
export const appliedPatches = (): string[] => [...undo.keys()].map(({ name }) => name);

/** Puts TensorFlow.js back into its own state. */
export function removePatches(): void {
  for (const restore of undo.values()) restore();
  undo.clear();
}
