import type { Matrix } from '@tensor-papers/numerics/linalg';
import type { QuantizedCodes } from './quantizer.js';

/** Codebooks of composite quantisation: every part's centroids have the dimension of the vectors. */
export interface CompositeCodebooks {
  readonly parts: number;
  /** K, of every part. */
  readonly centroids: number;
  readonly dimensions: number;
  /** C, `[parts × K × d]` */
  readonly values: Float64Array;
}

/** Weight of the cross-term penalty and the constant that the cross terms are to have. */
export interface CrossPenalty {
  readonly mu: number;
  readonly epsilon: number;
}

/** Where the chosen centroid of a part of a vector begins. */
const at = ({ centroids, dimensions }: CompositeCodebooks, part: number, code: number) =>
  (part * centroids + code) * dimensions;

/** x̂ = Σ_m c_m of one vector, `[d]`. */
export function compose(codebooks: CompositeCodebooks, bytes: Uint8Array, vector: number): Float64Array {
  const { parts, dimensions, values } = codebooks;
  const sum = new Float64Array(dimensions);
  for (let m = 0; m < parts; m++) {
    const from = at(codebooks, m, bytes[vector * parts + m]!);
    for (let j = 0; j < dimensions; j++) sum[j]! += values[from + j]!;
  }
  return sum;
}

/** Σ_{i ≠ j} c_iᵀc_j of one vector = ‖Σ c‖² − Σ ‖c‖². */
function crossTerm(codebooks: CompositeCodebooks, bytes: Uint8Array, vector: number, sum: Float64Array): number {
  const { parts, dimensions, values } = codebooks;
  let cross = 0;
  for (let j = 0; j < dimensions; j++) cross += sum[j]! * sum[j]!;
  for (let m = 0; m < parts; m++) {
    const from = at(codebooks, m, bytes[vector * parts + m]!);
    for (let j = 0; j < dimensions; j++) cross -= values[from + j]! * values[from + j]!;
  }
  return cross;
}

/** The cross term of every vector, `[n]`. */
export function crossTerms(codebooks: CompositeCodebooks, { n, bytes }: QuantizedCodes): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => crossTerm(codebooks, bytes, i, compose(codebooks, bytes, i)));
}

/** Σ_n ‖x_n − x̂_n‖² + μ Σ_n (cross_n − ε)² and its gradient w.r.t. C. */
export function compositeCost(
  vectors: Matrix,
  codebooks: CompositeCodebooks,
  { n, bytes }: QuantizedCodes,
  { mu, epsilon }: CrossPenalty,
): { cost: number; gradient: Float64Array } {
  const { parts, dimensions: d, values } = codebooks;
  const gradient = new Float64Array(values.length);
  let cost = 0;
  for (let i = 0; i < n; i++) {
    const sum = compose(codebooks, bytes, i);
    const off = crossTerm(codebooks, bytes, i, sum) - epsilon;
    cost += mu * off * off;
    for (let j = 0; j < d; j++) cost += (vectors.values[i * d + j]! - sum[j]!) ** 2;
    for (let m = 0; m < parts; m++) {
      const from = at(codebooks, m, bytes[i * parts + m]!);
      for (let j = 0; j < d; j++) {
        const residual = vectors.values[i * d + j]! - sum[j]!;
        gradient[from + j]! += -2 * residual + 4 * mu * off * (sum[j]! - values[from + j]!);
      }
    }
  }
  return { cost, gradient };
}

/**
 * One sweep of iterated conditional modes: part after part, every vector takes the centroid of least cost given its others (of equal ones the
 * first).
 */
export function icmSweep(
  vectors: Matrix,
  codebooks: CompositeCodebooks,
  { n, parts, bytes }: QuantizedCodes,
  { mu, epsilon }: CrossPenalty,
): QuantizedCodes {
  const { centroids, dimensions: d, values } = codebooks;
  const norms = Float64Array.from({ length: parts * centroids }, (_, c) => {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += values[c * d + j]! ** 2;
    return sum;
  });
  const next = bytes.slice();
  for (let m = 0; m < parts; m++) {
    for (let i = 0; i < n; i++) {
      const rest = compose(codebooks, next, i);
      const own = at(codebooks, m, next[i * parts + m]!);
      for (let j = 0; j < d; j++) rest[j]! -= values[own + j]!;
      let restCross = 0;
      for (let j = 0; j < d; j++) restCross += rest[j]! * rest[j]!;
      for (let other = 0; other < parts; other++) {
        if (other !== m) restCross -= norms[other * centroids + next[i * parts + other]!]!;
      }
      let [best, least] = [0, Number.POSITIVE_INFINITY];
      for (let k = 0; k < centroids; k++) {
        const from = at(codebooks, m, k);
        let [error, dot] = [0, 0];
        for (let j = 0; j < d; j++) {
          const c = values[from + j]!;
          const left = vectors.values[i * d + j]! - rest[j]! - c;
          error += left * left;
          dot += rest[j]! * c;
        }
        const cost = error + mu * (restCross + 2 * dot - epsilon) ** 2;
        if (cost < least) [best, least] = [k, cost];
      }
      next[i * parts + m] = best;
    }
  }
  return { n, parts, bytes: next };
}

/** Sweeps one after the other, until one changes nothing: all that follow would not either. */
export function icmSweeps(
  vectors: Matrix,
  codebooks: CompositeCodebooks,
  codes: QuantizedCodes,
  penalty: CrossPenalty,
  sweeps: number,
): QuantizedCodes {
  let last = codes;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const next = icmSweep(vectors, codebooks, last, penalty);
    if (next.bytes.every((byte, i) => byte === last.bytes[i])) break;
    last = next;
  }
  return last;
}
