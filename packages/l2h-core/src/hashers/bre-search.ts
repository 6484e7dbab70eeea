import { dot, type Matrix64 } from './rows.js';

/** ½‖x_i − x_j‖² between all rows, `[n × n]`: of unit vectors 1 less their cosine. */
export function halfSquares({ rows: n, columns: d, values }: Matrix64): Float64Array {
  const halves = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += (values[i * d + k]! - values[j * d + k]!) ** 2;
      halves[i * n + j] = sum / 2;
      halves[j * n + i] = sum / 2;
    }
  }
  return halves;
}

/** What BRE minimises: Σ over pairs i < j of (½‖x_i − x_j‖² − d_H / bits)². @param codes −1 and 1, one array a bit, `[n]` each */
export function breObjective(halves: Float64Array, codes: readonly Float64Array[]): number {
  const n = codes[0]!.length;
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let different = 0;
      for (const bit of codes) if (bit[i] !== bit[j]) different++;
      total += (halves[i * n + j]! - different / codes.length) ** 2;
    }
  }
  return total;
}

/**
 * What one bit b, −1 and 1, decides of the objective while the other bits stay: constant + bᵀ·E·b / (2·bits).
 *
 * With e = ½‖x_i − x_j‖² − d′/bits − 1/(2·bits), d′ the distance in the other bits, a pair's term is (e + b_i·b_j / (2·bits))².
 */
export interface BitQuadratic {
  readonly bits: number;
  readonly constant: number;
  /** E, `[n × n]`, symmetric, 0 on the diagonal. */
  readonly e: Float64Array;
}

export function bitQuadratic(halves: Float64Array, codes: readonly Float64Array[], bit: number): BitQuadratic {
  const [n, bits] = [codes[bit]!.length, codes.length];
  const e = new Float64Array(n * n);
  let constant = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let different = 0;
      for (let m = 0; m < bits; m++) if (m !== bit && codes[m]![i] !== codes[m]![j]) different++;
      const value = halves[i * n + j]! - different / bits - 1 / (2 * bits);
      e[i * n + j] = value;
      e[j * n + i] = value;
      constant += value ** 2 + 1 / (4 * bits ** 2);
    }
  }
  return { bits, constant, e };
}

/** The objective as a function of one weight: a step function. */
export interface WeightSteps {
  /** Where a row's bit changes, ascending; rows with a kernel value of 0 have none. */
  readonly breakPoints: Float64Array;
  /** The objective below the first, between each two and above the last. */
  readonly objectives: Float64Array;
  /** The interval of the least objective, of equal ones the lowest; never one without width. */
  readonly best: number;
  /** Its ends; infinite where it is open. */
  readonly low: number;
  readonly high: number;
}

/**
 * Walks over all break points of one weight: from a very negative weight upwards one bit changes at each.
 *
 * @param kernel K(s, x_i) of the anchor that the weight belongs to, `[n]`
 * @param projections Σ_t w_t·K(s_t, x_i) with the present weight, `[n]`
 */
export function weightSteps(
  { bits, constant, e }: BitQuadratic,
  kernel: Float64Array,
  projections: Float64Array,
  weight: number,
): WeightSteps {
  const n = kernel.length;
  const breaks = kernel.map((k, i) => weight - projections[i]! / k);
  const order = Array.from(kernel.keys()).filter((i) => kernel[i] !== 0 && Number.isFinite(breaks[i]));
  order.sort((i, j) => breaks[i]! - breaks[j]!);
  const b = projections.map((value) => (value >= 0 ? 1 : -1));
  for (const i of order) b[i] = kernel[i]! > 0 ? -1 : 1;
  const eb = Float64Array.from({ length: n }, (_, i) => dot(e.subarray(i * n, (i + 1) * n), b));
  const objectives = new Float64Array(order.length + 1);
  objectives[0] = constant + dot(b, eb) / (2 * bits);
  order.forEach((i, at) => {
    objectives[at + 1] = objectives[at]! - (2 * b[i]! * eb[i]!) / bits;
    b[i] = -b[i]!;
    for (let j = 0, from = i * n; j < n; j++, from++) eb[j]! += 2 * b[i]! * e[from]!;
  });
  const breakPoints = Float64Array.from(order, (i) => breaks[i]!);
  const ends = (at: number) =>
    [breakPoints[at - 1] ?? Number.NEGATIVE_INFINITY, breakPoints[at] ?? Number.POSITIVE_INFINITY] as const;
  let best = -1;
  objectives.forEach((value, at) => {
    const [low, high] = ends(at);
    if (low < high && (best < 0 || value < objectives[best]!)) best = at;
  });
  const [low, high] = ends(best);
  return { breakPoints, objectives, best, low, high };
}

/** A number well inside an interval. */
export function inside(low: number, high: number): number {
  if (low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY) return 0;
  if (low === Number.NEGATIVE_INFINITY) return high - 1 - Math.abs(high);
  if (high === Number.POSITIVE_INFINITY) return low + 1 + Math.abs(low);
  return low + (high - low) / 2;
}
