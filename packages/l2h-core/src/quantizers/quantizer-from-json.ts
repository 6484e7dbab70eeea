import { HashOptionError } from '../errors.js';
import type { HasherJson } from '../hashers/hasher.js';
import { kindShown } from '../json-fields.js';
import { CompositeQuantizer } from './composite-quantizer.js';
import { OptimizedProductQuantizer } from './optimized-product-quantizer.js';
import { ProductQuantizer } from './product-quantizer.js';
import type { Quantizer } from './quantizer.js';

// Functions, not `ProductQuantizer.fromJson` itself: a bundler keeps all classes for a property that is read on import.
const kinds: Readonly<Record<string, (json: HasherJson) => Quantizer>> = {
  pq: (json) => ProductQuantizer.fromJson(json),
  opq: (json) => OptimizedProductQuantizer.fromJson(json),
  cq: (json) => CompositeQuantizer.fromJson(json),
};

/** A quantiser out of what its `toJSON` gave. @throws HashOptionError for an unknown kind; VectorShapeError for JSON that is not whole */
export function quantizerFromJson(json: HasherJson): Quantizer {
  const make = Object.hasOwn(kinds, json?.kind ?? '') ? kinds[json.kind] : undefined;
  if (make) return make(json);
  throw new HashOptionError(
    `quantizerFromJson: expected kind ${Object.keys(kinds).join(', ')}, got ${kindShown(json)}`,
  );
}
