import { type AnchorTotals, type Reducer, type Reduction, total } from './reducer.js';

export function meanOf({ sums, counts }: AnchorTotals): Reduction {
  const count = total(counts);
  const scale = count === 0 ? 0 : 1 / count;
  return { value: scale * total(sums), scales: new Float64Array(sums.length).fill(scale) };
}

/** The mean over all elements; 0 where there is none. */
export function mean(): Reducer {
  return { name: 'mean', reduce: meanOf };
}
