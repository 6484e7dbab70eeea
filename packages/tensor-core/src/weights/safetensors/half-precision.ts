/** The two 16-bit floating-point dtypes: IEEE 754 binary16, and the upper half of a binary32. */
export type HalfDtype = 'F16' | 'BF16';

function binary16ToBinary32(bits: number): number {
  const sign = (bits & 0x8000) << 16;
  const exponent = (bits >> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (mantissa << 13);
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (mantissa << 13);
  if (mantissa === 0) return sign;
  const shift = Math.clz32(mantissa) - 21;
  return sign | ((113 - shift) << 23) | (((mantissa << shift) & 0x3ff) << 13);
}

function binary32ToBinary16(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7c00 | ((magnitude >> 13) & 0x3ff || 0x200);
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >> 13) & 1)) >> 13);
  const exponent = magnitude >> 23;
  if (exponent < 102) return sign;
  const mantissa = (magnitude & 0x7fffff) | 0x800000;
  const shift = 126 - exponent;
  return sign | ((mantissa + (1 << (shift - 1)) - 1 + ((mantissa >> shift) & 1)) >> shift);
}

function binary32ToBfloat16(bits: number): number {
  const upper = bits >>> 16;
  if ((bits & 0x7fffffff) > 0x7f800000) return upper & 0x7f ? upper : upper | 0x40;
  return ((bits >>> 0) + 0x7fff + (upper & 1)) >>> 16;
}

/** Values of stored 16-bit numbers, exactly; NaNs keep their bits. */
export function decodeHalf(dtype: HalfDtype, stored: Uint16Array): Float32Array {
  const bits = new Uint32Array(stored.length);
  if (dtype === 'BF16') for (let i = 0; i < bits.length; i++) bits[i] = stored[i]! << 16;
  else for (let i = 0; i < bits.length; i++) bits[i] = binary16ToBinary32(stored[i]!);
  return new Float32Array(bits.buffer);
}

/** The nearest 16-bit numbers, ties to even; what is too large becomes infinite. */
export function encodeHalf(dtype: HalfDtype, values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, dtype === 'BF16' ? binary32ToBfloat16 : binary32ToBinary16);
}
