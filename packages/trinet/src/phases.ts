import { type HeadNumber, headNumbers } from './heads.js';
import type { RoundPlan } from './round-schedule.js';

/** One training within a run: with an optimiser of its own. */
export interface Phase {
  readonly kind: 'initialise' | 'finetune' | 'head';
  /** 0 is the initialisation. */
  readonly round: number;
  /** Null where all heads are trained together. */
  readonly head: HeadNumber | null;
}

/** A phase and what its round does. */
export interface PlannedPhase extends Phase {
  readonly pool: number;
  /** σ_t of a labelling round, else null. */
  readonly threshold: number | null;
  /** Whether it is the first, and the last one of its round. */
  readonly opens: boolean;
  readonly closes: boolean;
}

/** All trainings of a run, in order. */
export function phasesOf(rounds: readonly RoundPlan[]): PlannedPhase[] {
  const whole = { pool: 0, threshold: null, opens: true, closes: true };
  return [
    { kind: 'initialise', round: 0, head: null, ...whole },
    ...rounds.flatMap(({ t, pool, kind, sigma }): PlannedPhase[] =>
      kind === 'finetune'
        ? [{ ...whole, kind, round: t, head: null, pool }]
        : headNumbers.map((head) => ({
            ...{ kind: 'head', round: t, head, pool, threshold: sigma },
            ...{ opens: head === 1, closes: head === 3 },
          })),
    ),
  ];
}
