import type { Distance } from './distance.js';
import { productDistance } from './product-distance.js';

/** ‖a − b‖², smaller is closer. `normalize` (default true) scales rows to length 1 first: then it is 2 − 2S, in [0, 4]. */
export function squaredEuclideanDistance({ normalize = true }: { readonly normalize?: boolean } = {}): Distance {
  return productDistance({ name: 'squaredEuclidean', measure: 'squared', normalize });
}
