import * as tf from '@tensorflow/tfjs';
import type { GridOptions } from './affine-grid.js';
import { OpOptionError } from './errors.js';
import { linearGrid } from './linear-grid.js';
import { normalisedCoordinates } from './normalised-coordinates.js';
import { requireDtype, requirePositiveInteger, requireShape } from './require-argument.js';
import { solveLinearSystem } from './solve-linear-system.js';

type Point = readonly [x: number, y: number];

/** U(r) = r² ln r out of r², U(0) = 0. */
function kernel(squaredRadius: number): number {
  return squaredRadius === 0 ? 0 : 0.5 * squaredRadius * Math.log(squaredRadius);
}

/** 1, x, y and U(|point − base point|) for each base point. */
function features([x, y]: Point, base: readonly Point[]): number[] {
  return [1, x, y, ...base.map(([bx, by]) => kernel((x - bx) ** 2 + (y - by) ** 2))];
}

/**
 * The part of a thin-plate spline that its base points decide: how much each control point counts at each output pixel.
 *
 * With L = [P S; 0 Pᵀ], P = [1 | C], S_ij = U(|c_i − c_j|), U(r) = r² ln r: basis = [1 | Q | U(|q − c_j|)] · (the first K columns of L⁻¹),
 * in float64. Make it once, use it with {@link thinPlateSplineGrid} at every step.
 *
 * @param basePoints C: K ≥ 3 points (x, y) in −1…1 of the output image, not all on one line, no two equal
 * @param size height and width of the output
 * @returns float32 `[h, w, K]`; each pixel's values add up to 1. The caller disposes it
 * @throws OpOptionError
 */
export function thinPlateSplineBasis(
  basePoints: readonly Point[],
  size: readonly [height: number, width: number],
  { alignCorners = false }: GridOptions = {},
): tf.Tensor3D {
  const [height, width] = size;
  requirePositiveInteger('thinPlateSplineBasis: height', height);
  requirePositiveInteger('thinPlateSplineBasis: width', width);
  if (!basePoints.every((point) => point.length === 2 && point.every(Number.isFinite))) {
    throw new OpOptionError('thinPlateSplineBasis: basePoints: expected points [x, y] of finite numbers');
  }
  const count = basePoints.length;
  const rows = basePoints.map((point) => features(point, basePoints));
  const side = [0, 1, 2].map((k) => [0, 0, 0, ...rows.map((row) => row[k]!)]);
  const unit = [...rows, ...side].map((_, i) => basePoints.map((_, j) => (i === j ? 1 : 0)));
  const inverse = count < 3 ? null : solveLinearSystem([...rows, ...side], unit); // [K + 3, K]
  if (inverse === null) {
    throw new OpOptionError(
      `thinPlateSplineBasis: basePoints: expected at least 3 points, no two equal and not all on one line, got ${JSON.stringify(basePoints)}`,
    );
  }
  const columns = normalisedCoordinates(width, alignCorners);
  const values = new Float32Array(height * width * count);
  normalisedCoordinates(height, alignCorners).forEach((y, i) => {
    columns.forEach((x, j) => {
      const terms = features([x, y], basePoints);
      for (let k = 0; k < count; k++) {
        let sum = 0;
        for (let t = 0; t < terms.length; t++) sum += terms[t]! * inverse[t]![k]!;
        values[(i * width + j) * count + k] = sum;
      }
    });
  });
  return tf.tensor3d(values, [height, width, count]);
}

/**
 * The sampling grid of the thin-plate spline that maps each base point to its control point and bends as little as possible between them.
 *
 * grid[b, i, j] = Σ_k basis[i, j, k] · controlPoints[b, k], so it is linear in the control points.
 *
 * @param controlPoints float32 `[B, K, 2]`: where in the source image each base point of the output lies, (x, y) in −1…1
 * @param basis float32 `[h, w, K]` from {@link thinPlateSplineBasis}
 * @returns float32 `[B, h, w, 2]` for {@link bilinearSample}; the caller disposes it
 * @throws OpDtypeError, OpShapeError
 */
export function thinPlateSplineGrid(controlPoints: tf.Tensor3D, basis: tf.Tensor3D): tf.Tensor4D {
  requireDtype('thinPlateSplineGrid: controlPoints', controlPoints, 'float32');
  requireDtype('thinPlateSplineGrid: basis', basis, 'float32');
  requireShape('thinPlateSplineGrid: basis', basis.shape, ['h', 'w', 'K']);
  requireShape('thinPlateSplineGrid: controlPoints', controlPoints.shape, ['B', basis.shape[2], 2]);
  return tf.tidy(() => linearGrid(basis, tf.transpose(controlPoints, [0, 2, 1])));
}
