import type { Rng } from '@tensor-papers/numerics/random';
import { requireInteger, requireNonNegative } from './checks.js';
import { OptionError } from './errors.js';

/** Options of {@link roundSchedule}. Defaults but `rounds` and `poolBase` are those of re-implementations for SVHN and CIFAR-10. */
export interface RoundScheduleOptions {
  /** T. Default 30, the paper's value. */
  readonly rounds?: number;
  /** Round t takes a pool of N_t = min(poolBase · 2^t, U). Default 1000, the paper's value. */
  readonly poolBase?: number;
  /** σ_0, the first threshold, in (0, 1). Default 0.95. */
  readonly sigma0?: number;
  /** σ_os, by how much the bar is lower in the first labelling round after smearing, in [0, 1). Default 0.25. */
  readonly sigmaOs?: number;
  /** Δσ, by how much the threshold falls at every fine-tuning round, at least 0. Default 0.05. */
  readonly sigmaDecrement?: number;
  /** Once the pool is everything, every n-th round fine-tunes. Default 4. */
  readonly fineTuneEvery?: number;
}

/** What a round does. */
export interface RoundPlan {
  /** Counted from 1. */
  readonly t: number;
  /** N_t, the number of unlabelled examples that the round looks at. */
  readonly pool: number;
  /** Label and train each head, or train all on smeared labels. */
  readonly kind: 'label' | 'finetune';
  /** σ_t in [0, 1]; null in a fine-tuning round. */
  readonly sigma: number | null;
}

/** @internal Defaults of {@link RoundScheduleOptions}. */
export const scheduleDefaults: Required<RoundScheduleOptions> = {
  rounds: 30,
  poolBase: 1000,
  sigma0: 0.95,
  sigmaOs: 0.25,
  sigmaDecrement: 0.05,
  fineTuneEvery: 4,
};

/**
 * The rounds of the algorithm: how large the pool is, what is done, and with which threshold.
 *
 * Round t fine-tunes if N_t = U and t is a multiple of `fineTuneEvery`; each such round lowers σ by Δσ. Others label with
 * σ_t = σ − σ_os in the first round after smearing, σ_t = σ afterwards, cut to [0, 1].
 *
 * @param unlabeled U ≥ 0
 * @throws OptionError
 * @example
 * roundSchedule(46_000)[7]; // { t: 8, pool: 46000, kind: 'finetune', sigma: null }
 */
export function roundSchedule(unlabeled: number, options: RoundScheduleOptions = {}): RoundPlan[] {
  const { rounds, poolBase, sigma0, sigmaOs, sigmaDecrement, fineTuneEvery } = requireSchedule(options);
  requireInteger('roundSchedule: unlabeled', unlabeled, 0);
  let fineTunes = 0;
  let justSmeared = true;
  return Array.from({ length: rounds }, (_, i): RoundPlan => {
    const t = i + 1;
    const pool = Math.min(poolBase * 2 ** t, unlabeled);
    if (pool === unlabeled && t % fineTuneEvery === 0) {
      fineTunes += 1;
      justSmeared = true;
      return { t, pool, kind: 'finetune', sigma: null };
    }
    const sigma = sigma0 - fineTunes * sigmaDecrement - (justSmeared ? sigmaOs : 0);
    justSmeared = false;
    return { t, pool, kind: 'label', sigma: Math.min(1, Math.max(0, sigma)) };
  });
}

/** @internal The options with their defaults. */
export function requireSchedule(options: RoundScheduleOptions): Required<RoundScheduleOptions> {
  const names = Object.keys(scheduleDefaults) as (keyof RoundScheduleOptions)[];
  const all = Object.fromEntries(
    names.map((name) => [name, options[name] ?? scheduleDefaults[name]]),
  ) as Required<RoundScheduleOptions>;
  requireInteger('rounds', all.rounds, 0);
  requireInteger('poolBase', all.poolBase, 1);
  requireInteger('fineTuneEvery', all.fineTuneEvery, 1);
  requireNonNegative('sigmaDecrement', all.sigmaDecrement);
  if (!(all.sigma0 > 0 && all.sigma0 < 1)) {
    throw new OptionError(`sigma0: expected a threshold in (0, 1), got ${all.sigma0}`);
  }
  if (!(all.sigmaOs >= 0 && all.sigmaOs < 1)) {
    throw new OptionError(`sigmaOs: expected a number in [0, 1), got ${all.sigmaOs}`);
  }
  return all;
}

/**
 * The pool of a round: `size` of `unlabeled` examples without repetition, ascending.
 *
 * @throws OptionError for a pool larger than there are examples
 */
export function drawPool(unlabeled: number, size: number, rng: Rng): Int32Array {
  requireInteger('drawPool: size', size, 0);
  if (size > unlabeled) throw new OptionError(`drawPool: size: expected at most ${unlabeled}, got ${size}`);
  return rng.permutation(unlabeled).slice(0, size).sort();
}
