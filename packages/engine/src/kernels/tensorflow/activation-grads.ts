import * as tf from '@tensorflow/tfjs';
import { gradientDepth } from '../../gradient-depth.js';
import { float32Attribute, type NodeBackend, type OperationAttribute } from './node-backend.js';

/** An activation whose gradient is one operation of TensorFlow. */
interface Activation {
  /** The kernel of TensorFlow.js. */
  readonly kernelName: string;
  /** TensorFlow's operation. */
  readonly operation: string;
  /** Order of its two inputs; `saved` is what TensorFlow.js keeps of the forward pass: x or y, as the operation wants it. */
  readonly order: readonly ['saved', 'dy'] | readonly ['dy', 'saved'];
  /** Where the operation wants y and TensorFlow.js keeps x: the gradient out of y, for whatever the operation cannot serve. */
  readonly ofOutput?: (dy: tf.Tensor, y: tf.Tensor) => tf.Tensor;
  readonly attributes?: (node: NodeBackend, attrs: tf.NamedAttrMap) => OperationAttribute[];
}

const seluScale = 1.0507009873554805;
const seluAlpha = 1.6732632423543772;

const activations: readonly Activation[] = [
  {
    kernelName: tf.LeakyRelu,
    operation: 'LeakyReluGrad',
    order: ['dy', 'saved'],
    attributes: ({ binding }, attrs) => [{ name: 'alpha', type: binding.TF_ATTR_FLOAT, value: attrs.alpha }],
  },
  { kernelName: tf.Relu6, operation: 'Relu6Grad', order: ['dy', 'saved'] },
  {
    kernelName: tf.Selu,
    operation: 'SeluGrad',
    order: ['dy', 'saved'],
    ofOutput: (dy, y) =>
      tf.where(tf.greater(y, 0), tf.mul(dy, seluScale), tf.mul(dy, tf.add(y, seluScale * seluAlpha))),
  },
  { kernelName: tf.Sigmoid, operation: 'SigmoidGrad', order: ['saved', 'dy'] },
  { kernelName: tf.Softplus, operation: 'SoftplusGrad', order: ['dy', 'saved'] },
  { kernelName: tf.Tanh, operation: 'TanhGrad', order: ['saved', 'dy'] },
];

const nameOf = ({ operation }: Activation) => `TensorPapers${operation}`;

/** TensorFlow's gradient operations as kernels: inputs saved and dy, float32 of one shape; output dx. */
export const activationGradKernels: readonly tf.KernelConfig[] = activations.map((activation) => ({
  kernelName: nameOf(activation),
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const node = backend as unknown as NodeBackend;
    const attributes = activation.attributes?.(node, attrs ?? {}) ?? [];
    return node.executeSingleOutput(
      activation.operation,
      [float32Attribute(node), ...attributes],
      activation.order.map((which) => inputs[which]!),
    );
  },
}));

/** The gradients that use them, where no second derivative is recorded: the kernels have none, the composed gradients do; everything else stays with TensorFlow.js' own gradient, made of a few operations. */
export const activationGradients: readonly tf.GradConfig[] = activations.map((activation) => {
  const stock = tf.getGradient(activation.kernelName);
  const name = nameOf(activation);
  const { ofOutput } = activation;
  return {
    ...(ofOutput ? { kernelName: stock.kernelName, outputsToSave: [true] } : stock),
    gradFunc: (dy, saved, attrs) => {
      const value = saved[0]!;
      const fast = value.dtype === 'float32' && gradientDepth() === 0 && tf.getKernel(name, tf.getBackend());
      if (!fast && ofOutput) return { x: () => ofOutput(dy as tf.Tensor, value) };
      if (!fast) return stock.gradFunc(dy, saved, attrs);
      return { x: () => tf.engine().runKernel(name, { saved: value, dy: dy as tf.Tensor }, attrs) as tf.Tensor };
    },
  };
});
