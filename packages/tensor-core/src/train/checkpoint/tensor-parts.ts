import type * as tf from '@tensorflow/tfjs';
import type { HostTensor, PartState } from './checkpoint-part.js';
import { CheckpointModelError } from './errors.js';
import { describeTensor, fits, readTensor } from './host-tensor.js';

/** Values of variables by name. */
export async function captureTensors(
  named: readonly { readonly name: string; readonly variable: tf.Tensor }[],
): Promise<Record<string, HostTensor>> {
  const tensors: Record<string, HostTensor> = {};
  for (const { name, variable } of named) tensors[name] = await readTensor(variable);
  return tensors;
}

/** Throws unless a state holds exactly these tensors; names those that differ. */
export function requireTensors(
  what: string,
  named: readonly { readonly name: string; readonly variable: tf.Tensor }[],
  { tensors = {} }: PartState,
): void {
  const wrong = named
    .filter(({ name, variable }) => !fits(tensors[name], variable))
    .map(({ name, variable }) => `${name}: expected ${describeTensor(variable)}, got ${describeTensor(tensors[name])}`);
  const own = new Set(named.map(({ name }) => name));
  const extra = Object.keys(tensors)
    .filter((name) => !own.has(name))
    .map((name) => `${name}: expected none, got ${describeTensor(tensors[name])}`);
  const all = [...wrong, ...extra];
  if (all.length === 0) return;
  const shown = all.slice(0, 6).join('; ') + (all.length > 6 ? `; … (${all.length} weights in all)` : '');
  throw new CheckpointModelError(
    `the checkpoint belongs to another ${what}: ${shown}. Go on with the model that was saved, or start without resuming`,
  );
}
