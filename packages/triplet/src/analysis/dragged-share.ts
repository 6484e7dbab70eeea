import { requireInteger } from '../checks.js';
import { type MotionOptions, similarityChange } from './vector-field.js';

/**
 * The share of the hard triangle 0 ≤ S_ap < S_an ≤ 1 in which training moves the negative towards the anchor (dS_an > 0).
 *
 * @param options as of `vectorField`; `resolution` is that of the grid of midpoints, default 200
 * @returns 0 … 1
 * @throws OptionError
 */
export function draggedShare({
  resolution = 200,
  ...options
}: MotionOptions & { readonly resolution?: number }): number {
  requireInteger('resolution', resolution, 2);
  const count = (resolution * (resolution - 1)) / 2;
  const [positive, negative] = [new Float64Array(count), new Float64Array(count)];
  let i = 0;
  for (let n = 1; n < resolution; n++) {
    for (let p = 0; p < n; p++, i++) {
      positive[i] = (p + 0.5) / resolution;
      negative[i] = (n + 0.5) / resolution;
    }
  }
  const change = similarityChange(positive, negative, options).negative;
  return change.reduce((dragged, value) => (value > 0 ? dragged + 1 : dragged), 0) / count;
}
