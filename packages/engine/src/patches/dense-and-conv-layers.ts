import * as tf from '@tensorflow/tfjs';
import type { Patch } from './patch.js';

/** What is used of a layer with a kernel and a bias beside its public face. */
interface KernelLayer {
  activation: { getClassName(): string } | null;
  kernel: tf.LayerVariable;
  bias: tf.LayerVariable | null;
  invokeCallHook(inputs: unknown, kwargs: unknown): void;
}

interface ConvolutionLayer extends KernelLayer {
  rank: number;
  strides: number[];
  padding: string;
  dataFormat: string;
  dilationRate: number[];
}

/** The kernels that end a layer with a bias, by its activation. */
const kernels: Readonly<Record<string, string>> = { relu: 'TensorPapersBiasRelu', linear: 'TensorPapersBias' };

/** What a layer does after its product, where there is something better than the stock layer's fused operation; else undefined. */
function endOf({ activation, bias }: KernelLayer, x: tf.Tensor): ((z: tf.Tensor) => tf.Tensor) | undefined {
  const name = activation?.getClassName() ?? 'linear';
  const kernel = kernels[name];
  if (!kernel || x.dtype !== 'float32' || x.size === 0) return undefined;
  if (bias === null) return name === 'relu' ? (z) => tf.relu(z) : (z) => z;
  if (!tf.getKernel(kernel, tf.getBackend())) return undefined;
  return (z) => tf.engine().runKernel(kernel, { z, bias: bias.read() }) as tf.Tensor;
}

const single = (inputs: tf.Tensor | tf.Tensor[]) => (Array.isArray(inputs) ? inputs[0]! : inputs);

/** The prototype, on the way up from `start`, that has the method itself. */
function owner(start: object, method: string): object {
  let prototype: object = start;
  while (!Object.hasOwn(prototype, method)) prototype = Object.getPrototypeOf(prototype) as object;
  return prototype;
}

/**
 * `tf.layers.conv2d` with ReLU or no activation: fewer passes over the activations where it has a bias, and no gradient of the input where
 * nobody wants one (the stock layer's fused operation always computes it: for the first layer in vain).
 */
export const convolutionLayer: Patch = {
  name: 'tf.layers.conv2d',
  target: () => owner(Object.getPrototypeOf(tf.layers.conv2d({ filters: 1, kernelSize: 1 })) as object, 'call'),
  method: 'call',
  replace: (stock) =>
    function (this: ConvolutionLayer, inputs: tf.Tensor | tf.Tensor[], kwargs: object) {
      const x = single(inputs);
      const plain =
        this.rank === 2 && this.dataFormat === 'channelsLast' && (this.padding === 'same' || this.padding === 'valid');
      const end = plain ? endOf(this, x) : undefined;
      if (!end) return stock.call(this, inputs, kwargs);
      return tf.tidy(() => {
        this.invokeCallHook(inputs, kwargs);
        const [strides, dilations] = [this.strides, this.dilationRate] as [[number, number], [number, number]];
        const z = tf.conv2d(
          x as tf.Tensor4D,
          this.kernel.read() as tf.Tensor4D,
          strides,
          this.padding as 'same' | 'valid',
          'NHWC',
          dilations,
        );
        return end(z);
      });
    },
};

/** `tf.layers.dense` with ReLU or no activation on a batch of vectors: likewise. */
export const denseLayer: Patch = {
  name: 'tf.layers.dense',
  target: () => owner(Object.getPrototypeOf(tf.layers.dense({ units: 1 })) as object, 'call'),
  method: 'call',
  replace: (stock) =>
    function (this: KernelLayer, inputs: tf.Tensor | tf.Tensor[], kwargs: object) {
      const x = single(inputs);
      const end = x.rank === 2 ? endOf(this, x) : undefined;
      if (!end) return stock.call(this, inputs, kwargs);
      return tf.tidy(() => {
        this.invokeCallHook(inputs, kwargs);
        return end(tf.matMul(x as tf.Tensor2D, this.kernel.read() as tf.Tensor2D));
      });
    },
};
