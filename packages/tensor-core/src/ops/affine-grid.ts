import * as tf from '@tensorflow/tfjs';
import { linearGrid } from './linear-grid.js';
import { normalisedCoordinates } from './normalised-coordinates.js';
import { requireDtype, requirePositiveInteger, requireShape } from './require-argument.js';

/** Options of a sampling grid. */
export interface GridOptions {
  /** −1 and 1 are the centres of the outermost pixels instead of the image's edges. Default false. Say the same to the sampler. */
  readonly alignCorners?: boolean;
}

/**
 * The sampling grid of affine maps: (x, y) of the source = θ · (x, y, 1)ᵀ of the output pixel, all in −1…1.
 *
 * The axes are normalised each by itself: a rotation by φ of an image of h × w pixels is [cos φ, −(h/w) sin φ; (w/h) sin φ, cos φ].
 *
 * @param theta float32 `[B, 2, 3]`; the identity is [[1, 0, 0], [0, 1, 0]]
 * @param size height and width of the output
 * @returns float32 `[B, h, w, 2]` for {@link bilinearSample}; the caller disposes it
 * @throws OpDtypeError, OpShapeError, OpOptionError
 */
export function affineGrid(
  theta: tf.Tensor3D,
  size: readonly [height: number, width: number],
  { alignCorners = false }: GridOptions = {},
): tf.Tensor4D {
  requireDtype('affineGrid: theta', theta, 'float32');
  requireShape('affineGrid: theta', theta.shape, ['B', 2, 3]);
  const [height, width] = size;
  requirePositiveInteger('affineGrid: height', height);
  requirePositiveInteger('affineGrid: width', width);
  const columns = normalisedCoordinates(width, alignCorners);
  const rows = normalisedCoordinates(height, alignCorners);
  const basis = rows.flatMap((y) => columns.flatMap((x) => [x, y, 1]));
  return tf.tidy(() => linearGrid(tf.tensor3d(basis, [height, width, 3]), theta));
}
