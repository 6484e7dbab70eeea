import * as tf from '@tensorflow/tfjs';

/** An operation of `@tensor-papers/engine`, where it is compiled. */
const fused = 'TensorPapersLargestProduct';
const isFused = () => tf.getKernel(fused, tf.getBackend()) !== undefined;

/** What {@link fusedLargestProducts} finds. */
export interface LargestProducts {
  /** t, `[n, p]`, whole numbers. */
  readonly places: tf.Tensor2D;
  /** x_m · c[m, t] + b[m, t], `[n, p]`. */
  readonly products: tf.Tensor2D;
}

/**
 * Of each part m of each row i of x the t with the largest x_m · c[m, t] + b[m, t], of equal ones the first, in one operation of
 * `@tensor-papers/engine` that writes no other product down; undefined where the engine does not have it.
 *
 * @param x `[n, p·d]`
 * @param c `[p, k, d]`, k of 1 … 2²⁴
 * @param b `[p, k]`
 * @param own column own + i is not for row i: 0 where the columns are the rows themselves. Default: none is left out
 * @returns both to be disposed by the caller
 */
export function fusedLargestProducts(
  x: tf.Tensor2D,
  c: tf.Tensor3D,
  b: tf.Tensor2D,
  own = -x.shape[0],
): LargestProducts | undefined {
  if (!isFused()) return undefined;
  const first = tf.tensor1d([own]);
  const [places, products] = tf.engine().runKernel(fused, { x, c, b, own: first }) as [tf.Tensor2D, tf.Tensor2D];
  first.dispose();
  return { places, products };
}

/** Products that are written down at once where the operation is missing: they stay in the processor's cache. */
const productsAtOnce = 2 ** 21;

/** Rows that are best given together: some, as their products are written down, or many. */
export const rowsTogether = (columns: number): number =>
  isFused() ? Math.min(65_536, Math.max(8192, Math.floor(2 ** 22 / columns))) : 8192;

/**
 * Of each part m of each row of x the t with the largest x_m · c[m, t] + b[m, t]; of equal ones the first.
 *
 * @param x `[n, p·d]`
 * @param c `[p, k, d]`
 * @param b `[p, k]`
 * @returns `[n, p]`, whole numbers
 */
export function largestProducts(x: tf.Tensor2D, c: tf.Tensor3D, b: tf.Tensor2D): tf.Tensor2D {
  const found = fusedLargestProducts(x, c, b);
  if (found) {
    found.products.dispose();
    return found.places;
  }
  const [n] = x.shape;
  const [parts, k, d] = c.shape;
  const step = Math.max(1, Math.floor(productsAtOnce / k));
  return tf.tidy(() => {
    const columns: tf.Tensor2D[] = [];
    for (let m = 0; m < parts; m++) {
      const [vectors, offsets] = [part(c, m), tf.slice2d(b, [m, 0], [1, k])];
      const places: tf.Tensor1D[] = [];
      for (let from = 0; from < n; from += step) {
        const rows = tf.slice2d(x, [from, m * d], [Math.min(step, n - from), d]);
        places.push(tf.tidy(() => argmaxRows(tf.add(tf.matMul(rows, vectors, false, true), offsets))));
      }
      columns.push(tf.reshape(tf.concat1d(places), [n, 1]));
    }
    return tf.concat2d(columns, 1);
  });
}

const part = (c: tf.Tensor3D, m: number) => tf.reshape(tf.slice3d(c, [m, 0, 0], [1, -1, -1]), [c.shape[1], c.shape[2]]);

function argmaxRows(rows: tf.Tensor2D): tf.Tensor1D {
  // TensorFlow's top-1 looks for the maximum with vector instructions, its argmax number by number; elsewhere argmax is faster.
  if (tf.getBackend() !== 'tensorflow') return tf.argMax(rows, 1);
  return tf.reshape(tf.topk(rows, 1).indices, [rows.shape[0]]);
}
