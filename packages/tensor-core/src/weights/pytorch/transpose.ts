import type { TensorData } from '../safetensors/dtype.js';

type Constructor<T> = new (length: number) => T;

/**
 * Reorders the axes of an array: axis i of the result is axis `axes[i]` of `data`.
 *
 * @param shape of `data`
 * @returns a new array of the same type
 */
export function transpose<T extends TensorData>(data: T, shape: readonly number[], axes: readonly number[]): T {
  const result = new (data.constructor as Constructor<T>)(data.length);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const sizes = axes.map((axis) => shape[axis]!);
  const steps = axes.map((axis) => strides[axis]!);
  const index = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from]!;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++index[axis]! < sizes[axis]!) break;
      from -= steps[axis]! * sizes[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}
