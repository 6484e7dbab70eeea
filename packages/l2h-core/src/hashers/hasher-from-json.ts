import { HashOptionError } from '../errors.js';
import { kindShown } from '../json-fields.js';
import { Agh } from './agh.js';
import { Bre } from './bre.js';
import { CcaItq } from './cca-itq.js';
import type { Hasher, HasherJson } from './hasher.js';
import { Itq } from './itq.js';
import { Ksh } from './ksh.js';
import { Mlh } from './mlh.js';
import { Pcah } from './pcah.js';
import { Sdh } from './sdh.js';
import { SimHash } from './sim-hash.js';
import { SpectralHashing } from './spectral-hashing.js';

// Functions, not `Agh.fromJson` itself: a bundler keeps all classes for a property that is read on import.
const readers = new Map<string, (json: HasherJson) => Hasher>([
  ['agh', (json) => Agh.fromJson(json)],
  ['bre', (json) => Bre.fromJson(json)],
  ['cca-itq', (json) => CcaItq.fromJson(json)],
  ['itq', (json) => Itq.fromJson(json)],
  ['ksh', (json) => Ksh.fromJson(json)],
  ['mlh', (json) => Mlh.fromJson(json)],
  ['pcah', (json) => Pcah.fromJson(json)],
  ['sdh', (json) => Sdh.fromJson(json)],
  ['sim-hash', (json) => SimHash.fromJson(json)],
  ['spectral-hashing', (json) => SpectralHashing.fromJson(json)],
]);

/**
 * A fitted hasher of whatever kind out of what its toJSON() wrote.
 *
 * @throws HashOptionError for what is none
 * @example
 * const hasher = hasherFromJson(JSON.parse(text));
 */
export function hasherFromJson(json: HasherJson): Hasher {
  const reader = readers.get(json?.kind);
  if (reader) return reader(json);
  throw new HashOptionError(
    `hasherFromJson: expected a kind among ${[...readers.keys()].join(', ')}, got ${kindShown(json)}`,
  );
}
