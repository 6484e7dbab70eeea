import type { CheckpointPart, PartState } from './checkpoint/checkpoint-part.js';
import { CheckpointPartError } from './checkpoint/errors.js';
import { TrainOptionError } from './errors.js';
import { requireInteger, requireNonNegative } from './require-option.js';

/** Options of {@link EarlyStopping}. */
export interface EarlyStoppingOptions {
  /** How many values in a row may fail to improve; at least 1. */
  readonly patience: number;
  /** How much better than the best a value has to be; at least 0. Default 0. */
  readonly minimumChange?: number;
  /** Whether smaller or larger values are better. Default `min`. */
  readonly mode?: 'min' | 'max';
}

/**
 * Decides when a run that no longer improves should end.
 *
 * A value improves when it is better than the best one so far by more than `minimumChange`; NaN never does.
 *
 * @throws TrainOptionError for values out of range
 * @example
 * const stopping = new EarlyStopping({ patience: 5, mode: 'max' });
 * if (stopping.update(accuracy)) break;
 */
export class EarlyStopping implements CheckpointPart {
  readonly #patience: number;
  readonly #minimumChange: number;
  readonly #sign: 1 | -1;
  #best: number | null = null;
  #stale = 0;

  constructor({ patience, minimumChange = 0, mode = 'min' }: EarlyStoppingOptions) {
    requireInteger('earlyStopping: patience', patience, 1);
    requireNonNegative('earlyStopping: minimumChange', minimumChange);
    if (mode !== 'min' && mode !== 'max') {
      throw new TrainOptionError(`earlyStopping: mode: expected 'min' or 'max', got '${mode}'`);
    }
    this.#patience = patience;
    this.#minimumChange = minimumChange;
    this.#sign = mode === 'min' ? 1 : -1;
  }

  /** The best value so far; null before the first. */
  get best(): number | null {
    return this.#best;
  }

  /** Values in a row that did not improve. */
  get stale(): number {
    return this.#stale;
  }

  /** Whether as many values in a row as there is patience did not improve. */
  get shouldStop(): boolean {
    return this.#stale >= this.#patience;
  }

  /** Takes the next value. @returns whether the run should end */
  update(value: number): boolean {
    const isBetter =
      this.#best === null ? !Number.isNaN(value) : this.#sign * (this.#best - value) > this.#minimumChange;
    if (isBetter) {
      this.#best = value;
      this.#stale = 0;
    } else {
      this.#stale += 1;
    }
    return this.shouldStop;
  }

  capture(): PartState {
    return { values: { best: this.#best, stale: this.#stale } };
  }

  prepareRestore({ values }: PartState): () => void {
    const { best, stale } = (values ?? {}) as { best?: unknown; stale?: unknown };
    if (!(best === null || typeof best === 'number') || !Number.isInteger(stale)) {
      throw new CheckpointPartError(`early stopping: expected best and stale, got ${JSON.stringify(values)}`);
    }
    return () => {
      this.#best = best;
      this.#stale = stale as number;
    };
  }
}
