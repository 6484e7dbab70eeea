import { OptionError } from '../errors.js';
import { meanOf } from './mean.js';
import type { Reducer } from './reducer.js';

/** Options of {@link threshold}. */
export interface ThresholdOptions {
  readonly above?: number;
  readonly below?: number;
}

/** The mean over the elements with above < loss < below; 0 where there is none. At least one bound is needed. */
export function threshold({ above, below }: ThresholdOptions): Reducer {
  if ((above === undefined && below === undefined) || Number.isNaN(above) || Number.isNaN(below)) {
    throw new OptionError(`threshold: expected a number for above or below, got ${above} and ${below}`);
  }
  const bounds = { ...(above === undefined ? {} : { above }), ...(below === undefined ? {} : { below }) };
  return { name: 'threshold', ...bounds, reduce: meanOf };
}
