import { requireNumber } from '../checks.js';
import { sigmoidOf, softplusOf } from './softplus.js';
import type { TripletTerm } from './triplet-term.js';

/** Options of {@link ncaTerm}. */
export interface NcaTermOptions {
  /** τ > 0. Default 0.1, that of the authors' code; the paper's formulas have 1. */
  readonly temperature?: number | undefined;
  /**
   * The authors' second-order variant: logits S_ap − S_ap²/2 and S_an²/2, whose slopes 1 − S_ap and S_an fade as a pair reaches its goal.
   * For cosines only. Default false.
   */
  readonly secondOrder?: boolean | undefined;
}

/**
 * The log-ratio form of the triplet loss, with w = sigmoid((S_an − S_ap)/τ):
 *
 * L = −log(e^{S_ap/τ} / (e^{S_ap/τ} + e^{S_an/τ})) = softplus((S_an − S_ap)/τ), dL/dS_ap = −w/τ, dL/dS_an = w/τ.
 *
 * @throws OptionError
 */
export function ncaTerm({ temperature = 0.1, secondOrder = false }: NcaTermOptions = {}): TripletTerm {
  requireNumber('temperature', temperature, { low: 0, exclusive: true });
  return {
    name: secondOrder ? 'ncaSecondOrder' : 'nca',
    evaluate: secondOrder ? secondOrderNca(temperature) : nca(temperature),
  };
}

const nca =
  (temperature: number): TripletTerm['evaluate'] =>
  (positive, negative, count, { loss, positiveSlope, negativeSlope }) => {
    for (let i = 0; i < count; i++) {
      const u = (negative[i]! - positive[i]!) / temperature;
      const e = Math.exp(-Math.abs(u));
      const slope = sigmoidOf(u, e) / temperature;
      loss[i] = softplusOf(u, e);
      positiveSlope[i] = -slope;
      negativeSlope[i] = slope;
    }
  };

const secondOrderNca =
  (temperature: number): TripletTerm['evaluate'] =>
  (positive, negative, count, { loss, positiveSlope, negativeSlope }) => {
    for (let i = 0; i < count; i++) {
      const [p, n] = [positive[i]!, negative[i]!];
      const u = ((n * n) / 2 - p + (p * p) / 2) / temperature;
      const e = Math.exp(-Math.abs(u));
      const slope = sigmoidOf(u, e) / temperature;
      loss[i] = softplusOf(u, e);
      positiveSlope[i] = -slope * (1 - p);
      negativeSlope[i] = slope * n;
    }
  };
