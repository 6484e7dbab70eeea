import type { StoredTensor } from '../safetensors/decode.js';
import { transpose } from './transpose.js';

/** How a weight of TensorFlow.js is stored as a parameter or buffer of PyTorch. */
export interface Parameter {
  /** Name within its module. */
  readonly name: string;
  /** PyTorch's shape for a shape of ours. */
  shape(own: readonly number[]): number[];
  /** PyTorch's values in our order. */
  toOwn(tensor: StoredTensor, own: readonly number[]): StoredTensor;
  fromOwn(tensor: StoredTensor): StoredTensor;
}

const same = (name: string): Parameter => ({
  name,
  shape: (own) => [...own],
  toOwn: (tensor) => tensor,
  fromOwn: (tensor) => tensor,
});

/** `[…spatial, in, out]` ↔ `[out, in, …spatial]`; without spatial axes this is a linear layer. */
const kernel: Parameter = {
  name: 'weight',
  shape: (own) => [own.at(-1)!, own.at(-2)!, ...own.slice(0, -2)],
  toOwn({ dtype, shape, data }, own) {
    const axes = [...own.slice(2).map((_, i) => i + 2), 1, 0];
    return { dtype, shape: own, data: transpose(data, shape, axes) };
  },
  fromOwn({ dtype, shape, data }) {
    const rank = shape.length;
    const axes = [rank - 1, rank - 2, ...shape.slice(2).map((_, i) => i)];
    return { dtype, shape: kernel.shape(shape), data: transpose(data, shape, axes) };
  },
};

/** `[h, w, in, multiplier]` ↔ `[in · multiplier, 1, h, w]`, grouped by input channel. */
const depthwiseKernel: Parameter = {
  name: 'weight',
  shape: ([height, width, channels, multiplier]) => [channels! * multiplier!, 1, height!, width!],
  toOwn({ dtype, data }, own) {
    const [height, width, channels, multiplier] = own as [number, number, number, number];
    return { dtype, shape: own, data: transpose(data, [channels, multiplier, height, width], [2, 3, 0, 1]) };
  },
  fromOwn({ dtype, shape, data }) {
    return { dtype, shape: depthwiseKernel.shape(shape), data: transpose(data, shape, [2, 3, 0, 1]) };
  },
};

const bias = same('bias');
const convolution = { kernel, bias };
const affine = { gamma: same('weight'), beta: bias };

/** By class of the layer, then by name of its weight. */
const parameters: Readonly<Record<string, Readonly<Record<string, Parameter>>>> = {
  Conv1D: convolution,
  Conv2D: convolution,
  Conv2DTranspose: convolution,
  Conv3D: convolution,
  Conv3DTranspose: convolution,
  DepthwiseConv2D: { depthwise_kernel: depthwiseKernel, bias },
  Dense: convolution,
  BatchNormalization: { ...affine, moving_mean: same('running_mean'), moving_variance: same('running_var') },
  LayerNormalization: affine,
  Embedding: { embeddings: same('weight') },
};

/** @returns undefined where PyTorch has no counterpart */
export function parameterOf(layerClass: string, weight: string): Parameter | undefined {
  const ofClass = Object.hasOwn(parameters, layerClass) ? parameters[layerClass]! : {};
  return Object.hasOwn(ofClass, weight) ? ofClass[weight] : undefined;
}
