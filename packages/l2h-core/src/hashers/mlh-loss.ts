/** When a pair of codes counts as alike. */
export interface PairHinge {
  /** Similar pairs should differ in fewer bits than this, dissimilar pairs in more. */
  readonly rho: number;
  /** Weight of dissimilar pairs. */
  readonly lambda: number;
}

/** The hinge loss of a pair at a Hamming distance: max(d − ρ + 1, 0) of a similar one, λ·max(ρ − d + 1, 0) of a dissimilar one. */
export const pairLoss = (distance: number, similar: boolean, { rho, lambda }: PairHinge): number =>
  similar ? Math.max(distance - rho + 1, 0) : lambda * Math.max(rho - distance + 1, 0);

/** The codes that {@link lossAugmentedCodes} finds. */
export interface LossAugmentedCodes {
  /** −1 and 1, `[bits]` */
  readonly g: Int8Array;
  readonly h: Int8Array;
  /** Bits in which they differ. */
  readonly differing: number;
  /** loss(e) + g·u + h·v of the best codes that differ in e bits, for e = 0 … bits. */
  readonly scores: Float64Array;
}

/**
 * The pair of codes with the largest loss(d_H(g, h)) + g·u + h·v, exactly: an equal bit gives at best |u + v|, a different one |u − v|; for
 * every number of different bits those with the largest gain are taken. O(bits · log bits).
 */
export function lossAugmentedCodes(
  u: ArrayLike<number>,
  v: ArrayLike<number>,
  loss: (distance: number) => number,
): LossAugmentedCodes {
  const bits = u.length;
  const gains = Float64Array.from({ length: bits }, (_, b) => Math.abs(u[b]! - v[b]!) - Math.abs(u[b]! + v[b]!));
  const order = Array.from(gains.keys()).sort((a, b) => gains[b]! - gains[a]!);
  const scores = new Float64Array(bits + 1);
  let sum = 0;
  for (let b = 0; b < bits; b++) sum += Math.abs(u[b]! + v[b]!);
  let differing = 0;
  for (let e = 0; e <= bits; e++) {
    if (e > 0) sum += gains[order[e - 1]!]!;
    scores[e] = sum + loss(e);
    if (scores[e]! > scores[differing]!) differing = e;
  }
  const g = Int8Array.from({ length: bits }, (_, b) => (u[b]! + v[b]! >= 0 ? 1 : -1));
  const h = Int8Array.from(g);
  for (const b of order.slice(0, differing)) {
    g[b] = u[b]! - v[b]! >= 0 ? 1 : -1;
    h[b] = -g[b]!;
  }
  return { g, h, differing, scores };
}

/** What one step of MLH saw. */
export interface MlhStep {
  /** Loss of the codes sgn(u), sgn(v). */
  readonly loss: number;
  /** The bound that is minimised: loss-augmented maximum less |u| and |v|. */
  readonly bound: number;
  readonly augmented: LossAugmentedCodes;
}

/**
 * One step down the bound on the loss of a pair, in place: W += η·(x_i(sgn u − g)ᵀ + x_j(sgn v − h)ᵀ) − η·decay·W, u = W·x_i, v = W·x_j.
 *
 * @param weights one row a bit, `[bits × (d + 1)]`; the last column belongs to a 1 behind every vector
 */
export function mlhStep(
  weights: Float64Array,
  xi: Float64Array,
  xj: Float64Array,
  similar: boolean,
  { eta, decay, ...hinge }: PairHinge & { readonly eta: number; readonly decay: number },
): MlhStep {
  const d = xi.length;
  const bits = weights.length / (d + 1);
  const u = new Float64Array(bits);
  const v = new Float64Array(bits);
  let [distance, certain] = [0, 0];
  for (let b = 0, at = 0; b < bits; b++) {
    let [ub, vb] = [0, 0];
    for (let j = 0; j < d; j++, at++) {
      ub += weights[at]! * xi[j]!;
      vb += weights[at]! * xj[j]!;
    }
    u[b] = ub + weights[at]!;
    v[b] = vb + weights[at++]!;
    certain += Math.abs(u[b]!) + Math.abs(v[b]!);
    if (u[b]! >= 0 !== v[b]! >= 0) distance++;
  }
  const augmented = lossAugmentedCodes(u, v, (e) => pairLoss(e, similar, hinge));
  const keep = 1 - eta * decay;
  for (let b = 0, at = 0; b < bits; b++) {
    const bi = eta * ((u[b]! >= 0 ? 1 : -1) - augmented.g[b]!);
    const bj = eta * ((v[b]! >= 0 ? 1 : -1) - augmented.h[b]!);
    for (let j = 0; j < d; j++, at++) weights[at] = keep * weights[at]! + bi * xi[j]! + bj * xj[j]!;
    weights[at] = keep * weights[at]! + bi + bj;
    at++;
  }
  const bound = augmented.scores[augmented.differing]! - certain;
  return { loss: pairLoss(distance, similar, hinge), bound, augmented };
}
