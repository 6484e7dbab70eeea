import { requireNumber } from '../checks.js';
import { LabelsError } from '../errors.js';
import { type Reducer, total } from './reducer.js';

/**
 * The mean over all elements, each times the weight of its anchor's class.
 *
 * @param weights `[C]`, one a class
 * @throws OptionError for a weight that is no finite number; LabelsError for an anchor whose class has no weight
 */
export function classWeighted(weights: ArrayLike<number>): Reducer {
  const ofClass = Float64Array.from(weights);
  ofClass.forEach((weight, label) => {
    requireNumber(`classWeighted: weight of class ${label}`, weight);
  });
  return {
    name: 'classWeighted',
    reduce: ({ sums, counts, labels }) => {
      const count = total(counts);
      const scales = counts.map((elements, row) => {
        if (elements === 0) return 0;
        const weight = ofClass[labels[row]!];
        if (weight === undefined) {
          throw new LabelsError(`classWeighted: expected labels 0 … ${ofClass.length - 1}, got ${labels[row]}`);
        }
        return weight / count;
      });
      return { value: sums.reduce((value, sum, row) => value + sum * scales[row]!, 0), scales };
    },
  };
}
