import { type Reducer, total } from './reducer.js';

/** The sum of all elements. */
export function sum(): Reducer {
  return {
    name: 'sum',
    reduce: ({ sums }) => ({ value: total(sums), scales: new Float64Array(sums.length).fill(1) }),
  };
}
