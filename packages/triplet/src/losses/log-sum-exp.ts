/** log(Σ_k e^{factor · (value_k − shift)} over the first `count` values + e^extra): stable, `extra` −∞ leaves its term out. */
export function logSumExp(values: Float64Array, count: number, factor: number, shift: number, extra: number): number {
  let largest = extra;
  for (let k = 0; k < count; k++) largest = Math.max(largest, factor * (values[k]! - shift));
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  let sum = Math.exp(extra - largest);
  for (let k = 0; k < count; k++) sum += Math.exp(factor * (values[k]! - shift) - largest);
  return largest + Math.log(sum);
}
