import type * as tf from '@tensorflow/tfjs';
import { KernelInputError } from '../../errors.js';
import { requireFloat32, requireShape } from './check-inputs.js';
import type { NodeBackend } from './node-backend.js';

const kernelName = 'TensorPapersCorrelateSigns';

/**
 * Σ x·sgn(x·R) over the rows x, where sgn 0 = 1: XᵀB of the codes B of rotated rows. Inputs x `[n, d]`, r `[d, k]`, float32; output `[d, k]`,
 * float32, added up in double precision.
 */
export const correlateSigns: tf.KernelConfig = {
  kernelName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, backend }) => {
    const { x, r } = requireFloat32(kernelName, inputs, ['x', 'r']);
    const [, d = 0] = x.shape;
    if (x.shape.length !== 2) {
      throw new KernelInputError(`${kernelName}: x: expected shape [n, d], got [${x.shape.join(', ')}]`);
    }
    requireShape(kernelName, 'r', r, [d, r.shape[1] ?? 0]);
    return (backend as unknown as NodeBackend).executeSingleOutput(kernelName, [], [x, r]);
  },
};
