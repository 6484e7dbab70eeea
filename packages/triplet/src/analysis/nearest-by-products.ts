import { fusedLargestProducts } from '@tensor-papers/tensor-core/linalg';
import * as tf from '@tensorflow/tfjs';
import type { Distance } from '../distances/distance.js';
import type { NearestRows } from './nearest-rows.js';

/** Columns of the gallery that are compared together with a block of rows: products stay in many a processor's cache. */
const TILE_COLUMNS = 4096;

/** The closest columns of a block of rows among some columns of the gallery, closest first, `[rows × count]`. */
interface Closest {
  readonly count: number;
  readonly values: Float32Array;
  /** Counted from `first`. */
  readonly indices: Int32Array;
  readonly first: number;
}

/**
 * {@link NearestRows} where closeness is a product, by matrix products and top-k of the engine; undefined where it is none, or where products
 * may overflow.
 *
 * @param gallery null or missing: the rows themselves, each without itself
 */
export function nearestByProducts(
  distance: Distance,
  embeddings: tf.Tensor2D,
  gallery: tf.Tensor2D | undefined,
  count: number,
  blockSize: number,
): NearestRows | undefined {
  const { productRows } = distance;
  if (!productRows) return undefined;
  const rows = productRows(embeddings, 'embeddings');
  const items = gallery ? productRows(gallery, 'gallery') : rows;
  try {
    if (!productsAreFinite(rows, items)) return undefined;
    if (count === 1) {
      const nearest = nearestByKernel(rows, items, gallery === undefined);
      if (nearest) return nearest;
    }
    const [n, total] = [rows.shape[0], items.shape[0]];
    const found = { indices: new Int32Array(n * count), values: new Float32Array(n * count) };
    for (let start = 0; start < n; start += blockSize) {
      const end = Math.min(n, start + blockSize);
      const block = slice(rows, start, end);
      const parts: Closest[] = [];
      for (let from = 0; from < total; from += TILE_COLUMNS) {
        const to = Math.min(total, from + TILE_COLUMNS);
        const own = !gallery && start < to && end > from ? start - from : null;
        parts.push(closest(block, slice(items, from, to), from, count, own));
      }
      block.dispose();
      for (let row = start; row < end; row++) merge(parts, row - start, count, found, row * count);
    }
    return found;
  } finally {
    tf.dispose([rows, items]);
  }
}

/** In one operation, where the engine has it. */
function nearestByKernel(rows: tf.Tensor2D, items: tf.Tensor2D, excludeSelf: boolean): NearestRows | undefined {
  const columns = tf.expandDims<tf.Tensor3D>(items, 0);
  const offsets = tf.zeros<tf.Rank.R2>([1, items.shape[0]]);
  const found = fusedLargestProducts(rows, columns, offsets, excludeSelf ? 0 : undefined);
  tf.dispose([columns, offsets]);
  if (!found) return undefined;
  const nearest = { indices: Int32Array.from(found.places.dataSync()), values: found.products.dataSync<'float32'>() };
  tf.dispose([found.places, found.products]);
  return nearest;
}

const slice = (rows: tf.Tensor2D, from: number, to: number) => tf.slice2d(rows, [from, 0], [to - from, -1]);

/** |a·b|² ≤ ‖a‖²·‖b‖² */
function productsAreFinite(a: tf.Tensor2D, b: tf.Tensor2D): boolean {
  const bound = tf.tidy(() => {
    const [x, y] = [a, b].map((rows) => tf.max(tf.sum(tf.square(rows), 1))) as [tf.Tensor, tf.Tensor];
    return tf.mul(x, y);
  });
  const [value] = bound.dataSync();
  bound.dispose();
  return Number.isFinite(value);
}

/** @param own the column that the first row of the block is, and so on: not wanted for it. Null where none is. */
function closest(block: tf.Tensor2D, tile: tf.Tensor2D, first: number, wanted: number, own: number | null): Closest {
  const [rows, columns] = [block.shape[0], tile.shape[0]];
  const count = Math.min(wanted, columns);
  const top = tf.tidy(() => {
    const products = tf.matMul(block, tile, false, true);
    if (own === null) return tf.topk(products, count);
    const self = tf.oneHot(tf.range(own, own + rows, 1, 'int32'), columns, 1, 0, 'bool');
    return tf.topk(tf.where(self, Number.NEGATIVE_INFINITY, products), count);
  });
  const values = top.values.dataSync<'float32'>();
  const indices = top.indices.dataSync<'int32'>();
  tf.dispose([tile, top.values, top.indices]);
  return { count, values, indices, first };
}

/** The closest of all parts, which are in the order of their columns: of equally close ones the first is taken. */
function merge(parts: readonly Closest[], row: number, count: number, found: NearestRows, at: number): void {
  const next = parts.map((part) => row * part.count);
  for (let i = 0; i < count; i++) {
    let best = -1;
    for (let p = 0; p < parts.length; p++) {
      const part = parts[p]!;
      if (next[p] === (row + 1) * part.count) continue;
      if (best < 0 || part.values[next[p]!]! > parts[best]!.values[next[best]!]!) best = p;
    }
    const { values, indices, first } = parts[best]!;
    found.values[at + i] = values[next[best]!]!;
    found.indices[at + i] = first + indices[next[best]!]!;
    next[best]! += 1;
  }
}
