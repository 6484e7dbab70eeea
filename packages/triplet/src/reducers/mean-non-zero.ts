import { meanOf } from './mean.js';
import type { Reducer } from './reducer.js';

/** The mean over the elements with a loss above 0; 0 where there is none. */
export function meanNonZero(): Reducer {
  return { name: 'meanNonZero', above: 0, reduce: meanOf };
}
