import { requireNonNegative } from '../require-option.js';
import { type Duration, durationInSteps, requireDuration, type Schedule } from './schedule.js';

/** Options of {@link linearRamp}: how long the ramp takes is given in steps or in epochs, or is the whole run. */
export interface LinearRampOptions extends Duration {
  /** The value at the beginning of the ramp and before it. Default 0. */
  readonly from?: number;
  /** The value at its end and after it. Default 0. */
  readonly to?: number;
  /** When the ramp begins. Default: at step 0. */
  readonly after?: Duration;
}

/**
 * A straight line up or down: value = from + (to − from) · t/T at step t of the ramp's T, constant before and after it.
 *
 * @example
 * linearRamp({ to: 1, epochs: 10 });
 * linearRamp({ from: 0.1, after: { epochs: 80 }, epochs: 20 });
 */
export function linearRamp(options: LinearRampOptions): Schedule {
  const { from = 0, to = 0, after } = options;
  requireNonNegative('linearRamp: from', from);
  requireNonNegative('linearRamp: to', to);
  requireDuration('linearRamp', options);
  if (after !== undefined) requireDuration('linearRamp: after', after);
  return (progress) => {
    const begin = after === undefined ? 0 : durationInSteps('linearRamp: after', after, progress);
    const done = (progress.step - begin) / durationInSteps('linearRamp', options, progress);
    return from + (to - from) * Math.min(1, Math.max(0, done));
  };
}
