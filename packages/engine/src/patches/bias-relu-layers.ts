import * as tf from '@tensorflow/tfjs';
import type { Patch } from './patch.js';

/** What is used of a layer with a kernel and a bias beside its public face. */
interface KernelLayer {
  activation: { getClassName(): string };
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

/** Whether a layer ends in bias and ReLU, and the backend has both in one kernel. */
function serves({ activation, bias }: KernelLayer, x: tf.Tensor): boolean {
  return (
    bias !== null &&
    activation?.getClassName() === 'relu' &&
    x.dtype === 'float32' &&
    x.size > 0 &&
    Boolean(tf.getKernel('TensorPapersBiasRelu', tf.getBackend()))
  );
}

const biasRelu = (z: tf.Tensor, bias: tf.Tensor) =>
  tf.engine().runKernel('TensorPapersBiasRelu', { z, bias }) as tf.Tensor;

const single = (inputs: tf.Tensor | tf.Tensor[]) => (Array.isArray(inputs) ? inputs[0]! : inputs);

/** The prototype, on the way up from `start`, that has the method itself. */
function owner(start: object, method: string): object {
  let prototype: object = start;
  while (!Object.hasOwn(prototype, method)) prototype = Object.getPrototypeOf(prototype) as object;
  return prototype;
}

/** `tf.layers.conv2d` with bias and ReLU: two passes over the activations fewer forward, one fewer backward. */
export const convolutionLayer: Patch = {
  name: 'tf.layers.conv2d',
  target: () => owner(Object.getPrototypeOf(tf.layers.conv2d({ filters: 1, kernelSize: 1 })) as object, 'call'),
  method: 'call',
  replace: (stock) =>
    function (this: ConvolutionLayer, inputs: tf.Tensor | tf.Tensor[], kwargs: object) {
      const x = single(inputs);
      const plain =
        this.rank === 2 && this.dataFormat === 'channelsLast' && (this.padding === 'same' || this.padding === 'valid');
      if (!plain || !serves(this, x)) return stock.call(this, inputs, kwargs);
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
        return biasRelu(z, this.bias!.read());
      });
    },
};

/** `tf.layers.dense` with bias and ReLU on a batch of vectors. */
export const denseLayer: Patch = {
  name: 'tf.layers.dense',
  target: () => owner(Object.getPrototypeOf(tf.layers.dense({ units: 1 })) as object, 'call'),
  method: 'call',
  replace: (stock) =>
    function (this: KernelLayer, inputs: tf.Tensor | tf.Tensor[], kwargs: object) {
      const x = single(inputs);
      if (x.rank !== 2 || !serves(this, x)) return stock.call(this, inputs, kwargs);
      return tf.tidy(() => {
        this.invokeCallHook(inputs, kwargs);
        return biasRelu(tf.matMul(x as tf.Tensor2D, this.kernel.read() as tf.Tensor2D), this.bias!.read());
      });
    },
};
