import { TrainOptionError } from '../errors.js';
import { requireNonNegative } from '../require-option.js';

/** Weight decay of an optimiser. */
export interface DecayOptions {
  /** λ ≥ 0. Default 0. */
  readonly weightDecay?: number;
  /** `coupled`: λw joins the gradient (L2). `decoupled`: w shrinks by ηλ beside it. Default `coupled`. */
  readonly decay?: 'coupled' | 'decoupled';
}

/** Checks the options and fills in the defaults. */
export function requireDecay(
  optimizer: string,
  { weightDecay = 0, decay = 'coupled' }: DecayOptions,
): Required<DecayOptions> {
  requireNonNegative(`${optimizer}: weightDecay`, weightDecay);
  if (decay !== 'coupled' && decay !== 'decoupled') {
    throw new TrainOptionError(`${optimizer}: decay: expected 'coupled' or 'decoupled', got '${decay}'`);
  }
  return { weightDecay, decay };
}
