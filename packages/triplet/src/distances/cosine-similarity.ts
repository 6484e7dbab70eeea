import type { Distance } from './distance.js';
import { productDistance } from './product-distance.js';

/**
 * S = z zᵀ with z = x / max(‖x‖, 1e-12): cosines in [−1, 1], larger is closer.
 *
 * A row of zeros has cosine 0 with all rows, and gradient 0.
 *
 * @example
 * const similarities = cosineSimilarity().matrix(embeddings);
 */
export function cosineSimilarity(): Distance {
  return productDistance({ name: 'cosine', measure: 'product', normalize: true });
}
