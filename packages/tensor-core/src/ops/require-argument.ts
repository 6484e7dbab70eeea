import * as tf from '@tensorflow/tfjs';
import { OpDtypeError, OpOptionError, OpShapeError } from './errors.js';

/** Throws unless the value is a tensor of that dtype. */
export function requireDtype(what: string, value: tf.Tensor, dtype: tf.DataType): void {
  const got: unknown = value?.dtype;
  if (got === dtype) return;
  const came = typeof got === 'string' ? got : `no tensor (${value === null ? 'null' : typeof value})`;
  throw new OpDtypeError(`${what}: expected a ${dtype} tensor, got ${came}; convert it with tf.cast or tf.tensor`);
}

/** Throws unless the shape has the sizes of `expected`; a name in place of a size takes any, of at least 1. */
export function requireShape(what: string, shape: readonly number[], expected: readonly (number | string)[]): void {
  const fits =
    shape.length === expected.length &&
    expected.every((size, axis) => (typeof size === 'number' ? shape[axis] === size : shape[axis]! >= 1));
  if (!fits) {
    throw new OpShapeError(`${what}: expected the shape [${expected.join(', ')}], got [${shape.join(', ')}]`);
  }
}

/** The shape that the shapes broadcast to. Throws where they do not. */
export function requireBroadcast(what: string, ...shapes: readonly (readonly number[])[]): number[] {
  try {
    return shapes.reduce<number[]>((shape, next) => tf.broadcast_util.assertAndGetBroadcastShape(shape, [...next]), []);
  } catch {
    const came = shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ');
    throw new OpShapeError(`${what}: expected shapes that broadcast to one another, got ${came}`);
  }
}

/** Throws unless the value is an integer of at least 1. */
export function requirePositiveInteger(what: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new OpOptionError(`${what}: expected an integer of at least 1, got ${value}`);
  }
}

/** Throws unless the value is a finite number above 0. */
export function requirePositive(what: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0)) {
    throw new OpOptionError(`${what}: expected a finite number above 0, got ${value}`);
  }
}

/** Throws unless the value is one of the names. */
export function requireOneOf(what: string, value: string, names: readonly string[]): void {
  if (!names.includes(value)) {
    throw new OpOptionError(`${what}: expected one of ${names.join(', ')}, got ${value}`);
  }
}
