import type * as tf from '@tensorflow/tfjs';
import { KernelInputError } from '../../errors.js';
import { requireFloat32, requireShape } from './check-inputs.js';
import type { NodeBackend } from './node-backend.js';

const kernelName = 'TensorPapersLargestProduct';

/**
 * Of each part m of each row i of x the first t with the largest x_m · c[m, t] + b[m, t], and that product, without writing products down.
 * Inputs x `[n, p·d]`, c `[p, k, d]`, b `[p, k]`, own `[1]`, float32, k of 1 … 2²⁴; outputs `[n, p]`, whole numbers in float32, and `[n, p]`.
 * With b = −‖c‖² / 2 it is the nearest c. Column own + i is not for row i: 0 where the rows are searched for the nearest other one, −n for none.
 */
export const largestProduct: tf.KernelConfig = {
  kernelName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, backend }) => {
    const { x, c, b, own } = requireFloat32(kernelName, inputs, ['x', 'c', 'b', 'own']);
    const [parts = 0, k = 0, d = 0] = c.shape;
    if (c.shape.length !== 3 || parts * k * d === 0) {
      throw new KernelInputError(`${kernelName}: c: expected shape [p, k, d], none 0, got [${c.shape.join(', ')}]`);
    }
    requireShape(kernelName, 'x', x, [x.shape[0] ?? 0, parts * d]);
    requireShape(kernelName, 'b', b, [parts, k]);
    requireShape(kernelName, 'own', own, [1]);
    return (backend as unknown as NodeBackend).executeMultipleOutputs(kernelName, [], [x, c, b, own], 2);
  },
};
