import * as tf from '@tensorflow/tfjs';
import { KernelInputError } from '../../errors.js';

const show = (shape: readonly number[]) => `[${shape.join(', ')}]`;

/**
 * The inputs of a kernel, all of them there and float32.
 *
 * @throws KernelInputError naming kernel, input, what was expected and what came
 */
export function requireFloat32<Name extends string>(
  kernelName: string,
  inputs: tf.NamedTensorInfoMap,
  names: readonly Name[],
): Record<Name, tf.TensorInfo> {
  for (const name of names) {
    const input = inputs[name] as tf.TensorInfo | undefined;
    if (input?.dtype === 'float32') continue;
    const got = input ? `${input.dtype} of shape ${show(input.shape)}` : 'nothing';
    throw new KernelInputError(`${kernelName}: ${name}: expected a float32 tensor, got ${got}`);
  }
  return inputs as unknown as Record<Name, tf.TensorInfo>;
}

/** @throws KernelInputError naming kernel, input, the expected shape and the one that came */
export function requireShape(
  kernelName: string,
  name: string,
  { shape }: tf.TensorInfo,
  expected: readonly number[],
): void {
  if (tf.util.arraysEqual(shape, [...expected])) return;
  throw new KernelInputError(`${kernelName}: ${name}: expected shape ${show(expected)}, got ${show(shape)}`);
}

/** Rows of channels: the length of the last axis. @throws KernelInputError for a scalar or an empty tensor */
export function requireChannels(kernelName: string, name: string, { shape }: tf.TensorInfo): number {
  const channels = shape.at(-1);
  if (channels !== undefined && !shape.includes(0)) return channels;
  throw new KernelInputError(
    `${kernelName}: ${name}: expected at least one row and one channel, got shape ${show(shape)}`,
  );
}
