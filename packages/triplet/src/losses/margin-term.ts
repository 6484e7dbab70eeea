import { requireNumber } from '../checks.js';
import { sigmoidOf, softplusOf } from './softplus.js';
import type { TripletTerm } from './triplet-term.js';

/** Options of {@link marginTerm}. */
export interface MarginTermOptions {
  /** m, of at least 0. Default 0.05. */
  readonly margin?: number | undefined;
  /** softplus in place of relu. Default false. */
  readonly smooth?: boolean | undefined;
}

/**
 * relu(S_an − S_ap + m), for distances relu(d_ap − d_an + m); `smooth`: softplus of the same. At the kink the gradient is 0.
 *
 * @throws OptionError
 */
export function marginTerm({ margin = 0.05, smooth = false }: MarginTermOptions = {}): TripletTerm {
  requireNumber('margin', margin, { low: 0 });
  return { name: smooth ? 'smoothMargin' : 'margin', evaluate: smooth ? smoothMargin(margin) : hinge(margin) };
}

const hinge =
  (margin: number): TripletTerm['evaluate'] =>
  (positive, negative, count, { loss, positiveSlope, negativeSlope }) => {
    const m = margin; // a local: the loop would read the closure's variable each time
    for (let i = 0; i < count; i++) {
      const violation = negative[i]! - positive[i]! + m;
      // A product, not a branch: half of the triplets go either way, and a wrong guess costs more than the rest of the loop.
      const active = +(violation > 0);
      loss[i] = violation * active;
      positiveSlope[i] = -active;
      negativeSlope[i] = active;
    }
  };

const smoothMargin =
  (margin: number): TripletTerm['evaluate'] =>
  (positive, negative, count, { loss, positiveSlope, negativeSlope }) => {
    for (let i = 0; i < count; i++) {
      const violation = negative[i]! - positive[i]! + margin;
      const e = Math.exp(-Math.abs(violation));
      const weight = sigmoidOf(violation, e);
      loss[i] = softplusOf(violation, e);
      positiveSlope[i] = -weight;
      negativeSlope[i] = weight;
    }
  };
