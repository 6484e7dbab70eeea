import { expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import { lossAugmentedCodes, mlhStep, pairLoss } from './mlh-loss.js';

const codes = (bits: number) =>
  Array.from({ length: 2 ** bits }, (_, word) => Array.from({ length: bits }, (_, b) => ((word >> b) & 1 ? 1 : -1)));
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).filter((value, i) => value !== b[i]).length;

it.each([1, 2, 3, 4, 5])('finds the best of all pairs of codes of %p bits', (bits) => {
  const rng = createRng(bits);
  const all = codes(bits);
  for (let trial = 0; trial < 20; trial++) {
    const [u, v] = [0, 1].map(() => Float64Array.from({ length: bits }, () => rng.normal()));
    const hinge = { rho: rng.integer(bits + 1), lambda: 0.1 + rng.uniform() };
    const loss = (d: number) => pairLoss(d, trial % 2 === 0, hinge);
    const best = Array.from({ length: bits + 1 }, () => Number.NEGATIVE_INFINITY);
    for (const g of all) {
      for (const h of all) {
        const d = distance(g, h);
        best[d] = Math.max(best[d]!, loss(d) + dot(g, u!) + dot(h, v!));
      }
    }
    const found = lossAugmentedCodes(u!, v!, loss);
    best.forEach((score, e) => {
      expect(found.scores[e]).toBeCloseTo(score, 10);
    });
    expect(distance(found.g, found.h)).toBe(found.differing);
    expect(loss(found.differing) + dot(found.g, u!) + dot(found.h, v!)).toBeCloseTo(Math.max(...best), 10);
  }
});

it('takes bit 1 for a projection of 0', () => {
  expect(lossAugmentedCodes([0, 0], [0, 0], () => 0)).toMatchObject({ g: Int8Array.of(1, 1), h: Int8Array.of(1, 1) });
});

it('bounds the loss, and steps against the slope of the bound', () => {
  const rng = createRng(9);
  for (let trial = 0; trial < 30; trial++) {
    const [d, bits, similar] = [3, 4, trial % 2 === 0];
    const weights = Float64Array.from({ length: bits * (d + 1) }, () => rng.normal());
    const [x, y] = [0, 1].map(() => Float64Array.from({ length: d }, () => rng.normal())) as [
      Float64Array,
      Float64Array,
    ];
    const hinge = { rho: 2, lambda: 0.5 };
    const boundAt = (at: Float64Array) => mlhStep(at.slice(), x, y, similar, { ...hinge, eta: 0, decay: 0 }).bound;
    const [eta, decay] = [0.01, 0.3];
    const moved = weights.slice();
    const { loss, bound } = mlhStep(moved, x, y, similar, { ...hinge, eta, decay });
    expect(bound).toBeGreaterThanOrEqual(loss - 1e-12);
    expect(boundAt(weights)).toBe(bound);
    weights.forEach((weight, at) => {
      const [up, down] = [weights.slice(), weights.slice()];
      up[at]! += 1e-6;
      down[at]! -= 1e-6;
      const slope = (boundAt(up) - boundAt(down)) / 2e-6;
      expect((moved[at]! - weight) / eta).toBeCloseTo(-slope - decay * weight, 4);
    });
  }
});
