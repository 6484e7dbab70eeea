import type { Distance } from './distance.js';
import { productDistance } from './product-distance.js';

/**
 * ‖a − b‖, smaller is closer. `normalize` (default true) scales rows to length 1 first: then d = √(2 − 2S), in [0, 2].
 *
 * The gradient of a distance of 0 is 0. Distances of nearly equal rows are taken from a − b, so they are exact too.
 */
export function euclideanDistance({ normalize = true }: { readonly normalize?: boolean } = {}): Distance {
  return productDistance({ name: 'euclidean', measure: 'euclidean', normalize });
}
