import { OptionError } from '../errors.js';

function lengthOf(what: string, x: ArrayLike<number>): number {
  let square = 0;
  for (let i = 0; i < x.length; i++) square += x[i]! * x[i]!;
  const length = Math.sqrt(square);
  if (!(length > 0 && Number.isFinite(length))) {
    throw new OptionError(`${what}: expected a finite vector other than 0, got one of length ${length}`);
  }
  return length;
}

/**
 * The Jacobian of z = x/‖x‖: (I − z zᵀ)/‖x‖, symmetric, with J x = 0.
 *
 * @param x `[D]`, not 0
 * @returns `[D × D]` row-major
 * @throws OptionError for a zero vector
 */
export function normalisationJacobian(x: ArrayLike<number>): Float64Array {
  const length = lengthOf('x', x);
  const width = x.length;
  return Float64Array.from({ length: width * width }, (_, at) => {
    const [i, j] = [Math.floor(at / width), at % width];
    return ((i === j ? 1 : 0) - (x[i]! * x[j]!) / length ** 2) / length;
  });
}

/**
 * The gradient with respect to x of the cosine S of x and v: (v/‖v‖ − S x/‖x‖)/‖x‖. Its length is √(1 − S²)/‖x‖, which goes to 0 as S goes to 1.
 *
 * @param x `[D]`, not 0
 * @param v `[D]`, not 0
 * @throws OptionError for a zero vector or other lengths
 */
export function cosineGradient(x: ArrayLike<number>, v: ArrayLike<number>): Float64Array {
  if (x.length !== v.length) throw new OptionError(`v: expected ${x.length} numbers like x, got ${v.length}`);
  const [length, other] = [lengthOf('x', x), lengthOf('v', v)];
  let cosine = 0;
  for (let i = 0; i < x.length; i++) cosine += (x[i]! / length) * (v[i]! / other);
  return Float64Array.from({ length: x.length }, (_, i) => (v[i]! / other - (cosine * x[i]!) / length) / length);
}
