import * as tf from '@tensorflow/tfjs';
import { gradientDepth } from '../../gradient-depth.js';
import { requireFloat32, requireShape } from './check-inputs.js';
import type { NodeBackend } from './node-backend.js';

const backwardName = 'TensorPapersPreluGrad';

/** Whether x, flattened, is rows of alpha: alpha's shape, without leading ones, is the end of x's. */
function isRowsOf(x: tf.TensorInfo, alpha: tf.TensorInfo): boolean {
  const first = alpha.shape.findIndex((size) => size !== 1);
  const own = first < 0 ? [] : alpha.shape.slice(first);
  const end = x.shape.slice(x.shape.length - own.length);
  return (
    own.length <= x.shape.length &&
    tf.util.arraysEqual(own, end) &&
    x.dtype === 'float32' &&
    alpha.dtype === 'float32' &&
    !x.shape.includes(0)
  );
}

/** y = x where x > 0, else alpha · x, in one pass. Inputs x `[…]` and alpha of the shape of its last axes. */
export const prelu = (stock: tf.KernelConfig): tf.KernelConfig => ({
  ...stock,
  kernelFunc: (call) => {
    const { x, alpha } = call.inputs as unknown as Record<string, tf.TensorInfo>;
    if (!isRowsOf(x!, alpha!)) return stock.kernelFunc(call);
    return (call.backend as unknown as NodeBackend).executeSingleOutput('TensorPapersPrelu', [], [x!, alpha!]);
  },
});

/** dx = dy where x > 0, else alpha · dy; dalpha = Σ dy · x where x ≤ 0. Inputs x, alpha, dy. */
export const preluGrad: tf.KernelConfig = {
  kernelName: backwardName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, backend }) => {
    const { x, alpha, dy } = requireFloat32(backwardName, inputs, ['x', 'alpha', 'dy']);
    requireShape(backwardName, 'dy', dy, x.shape);
    return (backend as unknown as NodeBackend).executeMultipleOutputs(backwardName, [], [x, alpha, dy], 2);
  },
};

/** Uses it where it can serve; everything else stays with TensorFlow.js' own gradient. */
export const preluGradient = (stock: tf.GradConfig): tf.GradConfig => ({
  ...stock,
  gradFunc: (dy, saved, attrs) => {
    const [x, alpha] = saved as [tf.Tensor, tf.Tensor];
    const serves = gradientDepth() === 0 && isRowsOf(x, alpha) && tf.getKernel(backwardName, tf.getBackend());
    if (!serves) return stock.gradFunc(dy, saved, attrs);
    // Both at once, here: each closure below runs in a tidy of its own, and would compute them again.
    const [dx, dalpha] = tf
      .engine()
      .runKernel(backwardName, { x, alpha, dy: dy as tf.Tensor }) as unknown as tf.Tensor[];
    return { x: () => dx!, alpha: () => dalpha! };
  },
});
