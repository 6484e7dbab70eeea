import { type MatrixOperations, plainOperations, symmetricEigen } from '@tensor-papers/numerics/linalg';
import { TrainingDataError } from '../errors.js';
import { cholesky, solveLower, solveUpper } from './cholesky.js';
import { dot, isNegativeWhereLargest, type Matrix64, signsOf, transposed } from './rows.js';
import type { Classes } from './training.js';

/** Which of l items are alike, as a symmetric matrix S: 1 alike, −1 not, 0 unknown. */
export interface Similarity {
  /** l */
  readonly size: number;
  /** S·v */
  apply(v: Float64Array): Float64Array;
  /** ‖S‖² */
  readonly squares: number;
}

/** Items of one class are alike. Takes memory and time for l numbers, not l². */
export function classSimilarity({ of, count }: Classes): Similarity {
  return {
    size: of.length,
    squares: of.length ** 2,
    apply(v) {
      const sums = new Float64Array(count);
      let total = 0;
      for (let i = 0; i < v.length; i++) {
        sums[of[i]!]! += v[i]!;
        total += v[i]!;
      }
      return v.map((_, i) => 2 * sums[of[i]!]! - total);
    },
  };
}

/** R = bits·S − Σ h·hᵀ: what the bits h so far leave to explain. */
export class KshResidual {
  readonly #similarity: Similarity;
  readonly #bits: number;
  readonly #taken: Float64Array[] = [];
  #squares: number;

  constructor(similarity: Similarity, bits: number) {
    this.#similarity = similarity;
    this.#bits = bits;
    this.#squares = bits ** 2 * similarity.squares;
  }

  /** ‖Y·Yᵀ / bits − S‖², where bits to come count as 0. */
  get objective(): number {
    return this.#squares / this.#bits ** 2;
  }

  /** R·v */
  apply(v: Float64Array): Float64Array {
    const result = this.#similarity.apply(v).map((value) => this.#bits * value);
    for (const h of this.#taken) {
      const share = dot(h, v);
      for (let i = 0; i < v.length; i++) result[i]! -= share * h[i]!;
    }
    return result;
  }

  /** hᵀ·R·h */
  gainOf(h: Float64Array): number {
    return dot(h, this.apply(h));
  }

  /** Takes a bit of all items, −1 and 1. */
  take(h: Float64Array): void {
    this.#squares += h.length ** 2 - 2 * this.gainOf(h);
    this.#taken.push(h);
  }
}

/**
 * The smoothed gain φ(K·a)ᵀ·R·φ(K·a), φ(x) = 2 / (1 + e⁻ˣ) − 1, and its gradient Kᵀ((R·b) ∘ (1 − b ∘ b)), b = φ(K·a).
 *
 * @param kt Kᵀ, `[t × l]`
 */
export function smoothGain(
  kt: Matrix64,
  residual: Pick<KshResidual, 'apply'>,
  a: Float64Array,
): { value: number; gradient: () => Float64Array } {
  const b = combine(kt, a).map((x) => Math.tanh(x / 2));
  const rb = residual.apply(b);
  return {
    value: dot(b, rb),
    gradient: () =>
      products(
        kt,
        rb.map((value, i) => value * (1 - b[i]! ** 2)),
      ),
  };
}

/** What {@link kshBits} finds. */
export interface KshBits {
  /** a of each bit, one a row, `[bits × t]`. */
  readonly weights: Matrix64;
  /** Codes of the items, −1 and 1, one array a bit. */
  readonly codes: readonly Float64Array[];
  /** ‖Y·Yᵀ / bits − S‖² after each bit. */
  readonly objective: readonly number[];
}

/**
 * Bits one after the other: each starts at the best direction of the relaxed problem, climbs the smoothed gain from there, and keeps the
 * better of both ends.
 *
 * All of it happens in coordinates in which the features are uncorrelated: with KᵀK + ridge·I = L·Lᵀ and Q = K·L⁻ᵀ the generalised
 * eigenvector of (KᵀRK, KᵀK + ridge·I) is L⁻ᵀ times an ordinary one of QᵀRQ, which changes by one product with every bit.
 *
 * @param features K, `[l × t]`, centred
 * @param climb at most so many steps from the start of a bit; 0 for the start only
 */
export async function kshBits(
  features: Matrix64,
  similarity: Similarity,
  { bits, climb, ridge = 1e-6 }: { readonly bits: number; readonly climb: number; readonly ridge?: number },
  operations: MatrixOperations = plainOperations(),
  step: (fraction: number, objective: number) => Promise<void> = async () => {},
): Promise<KshBits> {
  const { rows: l, columns: t } = features;
  const gram = Float64Array.from((await operations.multiply(features, features, { transposeA: true })).values);
  const ridged = gram.slice();
  for (let i = 0; i < t; i++) ridged[i * t + i]! += ridge;
  const factor = cholesky(ridged, t);
  if (!factor)
    throw new TrainingDataError('Ksh.fit: the kernel features are dependent beside their scale; use fewer anchors');
  const qt: Matrix64 = { rows: t, columns: l, values: transposed(features) };
  solveLower(factor, t, qt.values);
  const residual = new KshResidual(similarity, bits);
  const c = relaxedGains(qt, residual);
  const weights = new Float64Array(bits * t);
  const codes: Float64Array[] = [];
  const objective: number[] = [];
  for (let bit = 0; bit < bits; bit++) {
    const start = symmetricEigen({ rows: t, columns: t, values: c }, { largest: 1 }).vectors.values;
    const scaled = scaledStart(start, gram, factor, l);
    const end = climb > 0 ? climbGain((z) => smoothGain(qt, residual, z), scaled, climb) : scaled;
    const [h0, h1] = [scaled, end].map((z) => signsOf(combine(qt, z))) as [Float64Array, Float64Array];
    const climbed = residual.gainOf(h1) > residual.gainOf(h0);
    const h = climbed ? h1 : h0;
    const a = Float64Array.from(climbed ? end : scaled);
    solveUpper(factor, t, a);
    weights.set(a, bit * t);
    residual.take(h);
    codes.push(h);
    const g = products(qt, h);
    for (let at = 0; at < c.length; at++) c[at]! -= g[Math.floor(at / t)]! * g[at % t]!;
    objective.push(residual.objective);
    await step((bit + 1) / bits, residual.objective);
  }
  return { weights: { rows: bits, columns: t, values: weights }, codes, objective };
}

/** QᵀRQ */
function relaxedGains(qt: Matrix64, residual: KshResidual): Float64Array {
  const t = qt.rows;
  const c = new Float64Array(t * t);
  for (let i = 0; i < t; i++) c.set(products(qt, residual.apply(rowOf(qt, i))), i * t);
  // Both halves are the same number by two ways.
  for (let i = 0; i < t; i++) {
    for (let j = 0; j < i; j++) {
      c[i * t + j] = (c[i * t + j]! + c[j * t + i]!) / 2;
      c[j * t + i] = c[i * t + j]!;
    }
  }
  return c;
}

/** z so that a = L⁻ᵀ·z has aᵀ·KᵀK·a = l and a positive entry of largest absolute value. */
function scaledStart(z: Float64Array, gram: Float64Array, factor: Float64Array, l: number): Float64Array {
  const a = z.slice();
  solveUpper(factor, z.length, a);
  const t = z.length;
  let squares = 0;
  for (let at = 0; at < gram.length; at++) squares += a[Math.floor(at / t)]! * gram[at]! * a[at % t]!;
  const scale = (isNegativeWhereLargest(a) ? -1 : 1) * Math.sqrt(l / squares);
  return z.map((value) => value * scale);
}

/** Part of the gain below which a step is the last. */
const smallGain = 1e-6;

/**
 * Climbs by Nesterov's accelerated gradient: steps are halved until they gain what the slope promises, and the momentum starts anew where it
 * would lead downhill.
 */
export function climbGain(
  gainAt: (z: Float64Array) => { value: number; gradient: () => Float64Array },
  start: Float64Array,
  steps: number,
): Float64Array {
  let x = start;
  let value = gainAt(x).value;
  let [y, momentum, size] = [x, 1, Number.NaN];
  for (let i = 0; i < steps; i++) {
    const at = gainAt(y);
    const gradient = at.gradient();
    const slope = dot(gradient, gradient);
    if (!(slope > 0)) break;
    if (Number.isNaN(size)) size = Math.sqrt(dot(y, y) / slope);
    let next = y;
    let nextValue = Number.NEGATIVE_INFINITY;
    for (let halvings = 0; halvings < 40; halvings++) {
      next = y.map((value, j) => value + size * gradient[j]!);
      nextValue = gainAt(next).value;
      if (nextValue >= at.value + (size * slope) / 2) break;
      size /= 2;
    }
    if (nextValue <= value) {
      if (momentum === 1) break;
      [y, momentum] = [x, 1];
      continue;
    }
    const gained = nextValue - value;
    const nextMomentum = (1 + Math.sqrt(1 + 4 * momentum ** 2)) / 2;
    const carry = (momentum - 1) / nextMomentum;
    const before = x;
    y = next.map((value, j) => value + carry * (value - before[j]!));
    [x, value, momentum] = [next, nextValue, nextMomentum];
    size *= 1.5;
    if (gained <= smallGain * Math.abs(value)) break;
  }
  return x;
}

/** K·a for Kᵀ `[t × l]`. */
function combine({ rows: t, columns: l, values }: Matrix64, a: Float64Array): Float64Array {
  const sums = new Float64Array(l);
  for (let i = 0; i < t; i++) {
    const factor = a[i]!;
    for (let j = 0, at = i * l; j < l; j++, at++) sums[j]! += factor * values[at]!;
  }
  return sums;
}

/** Kᵀ·v for Kᵀ `[t × l]`. */
function products(kt: Matrix64, v: Float64Array): Float64Array {
  return Float64Array.from({ length: kt.rows }, (_, i) => dot(rowOf(kt, i), v));
}

const rowOf = ({ columns, values }: Matrix64, i: number) => values.subarray(i * columns, (i + 1) * columns);
