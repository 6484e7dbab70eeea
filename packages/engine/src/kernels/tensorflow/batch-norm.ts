import * as tf from '@tensorflow/tfjs';
import { requireChannels, requireFloat32, requireShape } from './check-inputs.js';
import { type Deferred, defer, deferredOf } from './deferred.js';
import type { NodeBackend, OperationAttribute } from './node-backend.js';

const forwardName = 'TensorPapersBatchNorm';
const backwardName = 'TensorPapersBatchNormGrad';
const scaleShift = 'scale-shift';
const reluGradOfScaleShift = 'relu-grad-of-scale-shift';
const inputGrad = 'batch-norm-input-grad';

const float = ({ binding }: NodeBackend, name: string, value: unknown): OperationAttribute => ({
  name,
  type: binding.TF_ATTR_FLOAT,
  value,
});

const flag = ({ binding }: NodeBackend, name: string, value: boolean): OperationAttribute => ({
  name,
  type: binding.TF_ATTR_INT,
  value: value ? 1 : 0,
});

const runScaleShift = (node: NodeBackend, { x, factor, term }: Deferred['inputs'], relu: boolean) =>
  node.executeSingleOutput('TensorPapersScaleShift', [flag(node, 'relu', relu)], [x!, factor!, term!]);

/**
 * Batch normalisation in training over the last axis: y = x · factor + term with factor = scale / √(variance + ε) and
 * term = offset − mean · factor, with the batch's own moments.
 *
 * Inputs x `[…, C]`, scale, offset, moving mean and moving variance `[C]`, float32; attributes epsilon and momentum; outputs y (deferred:
 * a ReLU that follows computes both in one pass), mean, (biased) variance, factor, term, and the next moving mean and variance.
 */
export const batchNorm: tf.KernelConfig = {
  kernelName: forwardName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const node = backend as unknown as NodeBackend;
    const checked = requireFloat32(forwardName, inputs, ['x', 'scale', 'offset', 'movingMean', 'movingVariance']);
    const { x, scale, offset, movingMean, movingVariance } = checked;
    const channels = requireChannels(forwardName, 'x', x);
    for (const [name, each] of Object.entries({ scale, offset, movingMean, movingVariance })) {
      requireShape(forwardName, name, each, [channels]);
    }
    const moments = node.executeMultipleOutputs(
      'TensorPapersBatchNormMoments',
      [float(node, 'epsilon', attrs?.epsilon), float(node, 'momentum', attrs?.momentum)],
      [x, scale, offset, movingMean, movingVariance],
      6,
    );
    const read = { x, factor: moments[2]!, term: moments[3]! };
    const compute = () => runScaleShift(node, read, false);
    return [defer(node, x.shape, { kind: scaleShift, inputs: read, compute }), ...moments];
  },
};

/** Which batch normalisation the input of a ReLU came from, by the data of the ReLU's output. */
const normalized = new WeakMap<object, { readonly x: object; readonly factor: object }>();

/** ReLU, in one pass with the batch normalisation before it where there is one. */
export const relu = (stock: tf.KernelConfig): tf.KernelConfig => ({
  ...stock,
  kernelFunc: (call) => {
    const node = call.backend as unknown as NodeBackend;
    const source = deferredOf(node, call.inputs.x as tf.TensorInfo, scaleShift);
    if (!source) return stock.kernelFunc(call);
    const y = runScaleShift(node, source.inputs, true);
    normalized.set(y.dataId, { x: source.inputs.x!.dataId, factor: source.inputs.factor!.dataId });
    return y;
  },
});

/** ReLU's gradient, deferred where the gradient of a batch normalisation is to take it in. */
export const reluGrad = (stock: tf.KernelConfig): tf.KernelConfig => ({
  ...stock,
  kernelFunc: (call) => {
    const node = call.backend as unknown as NodeBackend;
    const { gradients, features } = call.inputs as unknown as Record<string, tf.TensorInfo>;
    if (!normalized.has(features!.dataId)) return stock.kernelFunc(call);
    const read = { gradients: gradients!, features: features! };
    const compute = () => stock.kernelFunc({ ...call, inputs: read }) as tf.Tensor;
    return defer(node, features!.shape, { kind: reluGradOfScaleShift, inputs: read, compute });
  },
});

const runInputGrad = (node: NodeBackend, inputs: Deferred['inputs'], relu: boolean, addends: tf.TensorInfo[]) =>
  node.executeSingleOutput(
    'TensorPapersBatchNormInputGrad',
    [flag(node, 'relu', relu), { name: 'n', type: node.binding.TF_ATTR_INT, value: addends.length }],
    [...Object.values(inputs), ...addends],
  );

/**
 * Its gradients w.r.t. x (deferred: an addition that follows is made in the same pass), scale and offset, from dy alone: the other outputs
 * have none.
 */
export const batchNormGrad: tf.KernelConfig = {
  kernelName: backwardName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const node = backend as unknown as NodeBackend;
    const names = ['x', 'dy', 'scale', 'mean', 'variance', 'factor', 'term'] as const;
    const { x, dy, scale, mean, variance, factor, term } = requireFloat32(backwardName, inputs, names);
    requireShape(backwardName, 'dy', dy, x.shape);
    const throughRelu = deferredOf(node, dy, reluGradOfScaleShift)?.inputs;
    const origin = throughRelu && normalized.get(throughRelu.features!.dataId);
    // The mask is computed anew from x, which is read anyway.
    const relu = origin?.x === x.dataId && origin.factor === factor.dataId;
    const gradient = relu ? throughRelu!.gradients! : dy;
    const [dscale, doffset, a, b, c] = node.executeMultipleOutputs(
      backwardName,
      [float(node, 'epsilon', attrs?.epsilon), flag(node, 'relu', relu)],
      [x, gradient, scale, mean, variance, factor, term],
      5,
    ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const read = { x, dy: gradient, factor, term, a, b, c };
    const compute = (addends: tf.TensorInfo[] = []) => runInputGrad(node, read, relu, addends);
    const dx = defer(node, x.shape, { kind: inputGrad, inputs: read, compute });
    tf.dispose([a, b, c]);
    return [dx, dscale, doffset];
  },
};

/** a + b, in one pass with the gradient of a batch normalisation where one of them is that. */
export const add = (stock: tf.KernelConfig): tf.KernelConfig => ({
  ...stock,
  kernelFunc: (call) => {
    const node = call.backend as unknown as NodeBackend;
    const { a, b } = call.inputs as unknown as { a: tf.TensorInfo; b: tf.TensorInfo };
    if (a.dtype === 'float32' && b.dtype === 'float32' && tf.util.arraysEqual(a.shape, b.shape)) {
      const [gradient, addend] = deferredOf(node, b, inputGrad) ? [b, a] : [a, b];
      const deferred = deferredOf(node, gradient, inputGrad);
      if (deferred && gradient.dataId !== addend.dataId) return deferred.compute([addend]);
    }
    return stock.kernelFunc(call);
  },
});

export const batchNormGradient: tf.GradConfig = {
  kernelName: forwardName,
  inputsToSave: ['x', 'scale', 'movingMean'],
  outputsToSave: [false, true, true, true, true, false, false],
  gradFunc: (dys, saved, attrs) => {
    const [x, scale, moving, mean, variance, factor, term] = saved as tf.Tensor[];
    const dy = (dys as tf.Tensor[])[0]!;
    // All three at once, here: each closure below runs in a tidy of its own, and would compute them again.
    const [dx, dscale, doffset] = tf.engine().runKernel(
      backwardName,
      { x: x!, dy, scale: scale!, mean: mean!, variance: variance!, factor: factor!, term: term! },
      {
        epsilon: attrs.epsilon!,
      },
    ) as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
    const nothing = () => tf.zerosLike(moving!);
    return { x: () => dx, scale: () => dscale, offset: () => doffset, movingMean: nothing, movingVariance: nothing };
  },
};
