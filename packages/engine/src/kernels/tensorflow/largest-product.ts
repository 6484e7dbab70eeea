import type * as tf from '@tensorflow/tfjs';
import { KernelInputError } from '../../errors.js';
import { requireFloat32, requireShape } from './check-inputs.js';
import type { NodeBackend } from './node-backend.js';

const kernelName = 'TensorPapersLargestProduct';

/**
 * Of each row of x the first row of c with the largest inner product, without the products. Inputs x `[n, d]`, c `[k, d]`, float32, k of 1 …
 * 2²⁴; output `[n]`, whole numbers in float32. With x = [v, 1] and c = [w, −‖w‖² / 2] it is the w nearest to v.
 */
export const largestProduct: tf.KernelConfig = {
  kernelName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, backend }) => {
    const { x, c } = requireFloat32(kernelName, inputs, ['x', 'c']);
    const [rows, width] = x.shape;
    if (x.shape.length !== 2) {
      throw new KernelInputError(`${kernelName}: x: expected shape [n, d], got [${x.shape.join(', ')}]`);
    }
    requireShape(kernelName, 'c', c, [c.shape[0] ?? 0, width!]);
    if (!c.shape[0]) throw new KernelInputError(`${kernelName}: c: expected at least one row, got none`);
    const node = backend as unknown as NodeBackend;
    if (rows === 0 || width === 0) {
      throw new KernelInputError(
        `${kernelName}: x: expected at least one row and one column, got [${x.shape.join(', ')}]`,
      );
    }
    return node.executeSingleOutput(kernelName, [], [x, c]);
  },
};
