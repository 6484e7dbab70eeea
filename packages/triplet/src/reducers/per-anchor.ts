import type { Reducer } from './reducer.js';

/** The mean of each anchor's elements, then the mean over the anchors that have any: anchors weigh the same, whatever they have. */
export function perAnchor(): Reducer {
  return {
    name: 'perAnchor',
    reduce: ({ sums, counts }) => {
      const anchors = counts.reduce((found, count) => (count > 0 ? found + 1 : found), 0);
      const scales = counts.map((count) => (count > 0 ? 1 / (count * anchors) : 0));
      return { value: sums.reduce((value, sum, row) => value + sum * scales[row]!, 0), scales };
    },
  };
}
