import type * as tf from '@tensorflow/tfjs';
import { EmbeddingsError, EmptyBatchError, OptionError } from './errors.js';

const describe = (value: tf.Tensor) => {
  const dtype: unknown = value?.dtype;
  return typeof dtype === 'string' ? `[${value.shape.join(', ')}] ${dtype}` : `no tensor (${typeof value})`;
};

/** Rows and columns of embeddings; throws unless they are `[B, D]` float32 with B and D of at least 1. */
export function requireEmbeddings(what: string, embeddings: tf.Tensor2D, dimensions?: number): [number, number] {
  if (embeddings?.rank !== 2 || embeddings.dtype !== 'float32') {
    throw new EmbeddingsError(`${what}: expected rows [B, D] float32, got ${describe(embeddings)}`);
  }
  const [rows, width] = embeddings.shape;
  if (rows === 0 || width === 0) {
    throw new EmptyBatchError(`${what}: expected at least one row and one column, got [${rows}, ${width}]`);
  }
  if (dimensions !== undefined && width !== dimensions) {
    throw new EmbeddingsError(`${what}: expected rows of ${dimensions} numbers like the batch's, got ${width}`);
  }
  return [rows, width];
}

/** The value; throws unless it is a finite number of at least `low` (above it where `exclusive`). */
export function requireNumber(
  what: string,
  value: number,
  { low = Number.NEGATIVE_INFINITY, exclusive = false }: { readonly low?: number; readonly exclusive?: boolean } = {},
): number {
  if (!Number.isFinite(value) || value < low || (exclusive && value === low)) {
    const range = low === Number.NEGATIVE_INFINITY ? '' : exclusive ? ` above ${low}` : ` of at least ${low}`;
    throw new OptionError(`${what}: expected a finite number${range}, got ${value}`);
  }
  return value;
}

/** The value; throws unless it is an integer of at least `low`. */
export function requireInteger(what: string, value: number, low: number): number {
  if (!Number.isSafeInteger(value) || value < low) {
    throw new OptionError(`${what}: expected an integer of at least ${low}, got ${value}`);
  }
  return value;
}

/** The value; throws unless it is one of the names. */
export function requireOneOf<T extends string>(what: string, value: T, names: readonly T[]): T {
  if (!names.includes(value)) {
    throw new OptionError(`${what}: expected one of ${names.join(', ')}, got ${value}`);
  }
  return value;
}
