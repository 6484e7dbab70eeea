import type { Distance } from './distance.js';
import { productDistance } from './product-distance.js';

/** a · b, larger is closer. `normalize` (default false) scales rows to length 1 first, which makes it the cosine. */
export function dotProduct({ normalize = false }: { readonly normalize?: boolean } = {}): Distance {
  return productDistance({ name: 'dot', measure: 'product', normalize });
}
