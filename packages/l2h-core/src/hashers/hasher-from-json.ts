import { HashOptionError } from '../errors.js';
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

const readers = new Map<string, (json: HasherJson) => Hasher>([
  ['agh', Agh.fromJson],
  ['bre', Bre.fromJson],
  ['cca-itq', CcaItq.fromJson],
  ['itq', Itq.fromJson],
  ['ksh', Ksh.fromJson],
  ['mlh', Mlh.fromJson],
  ['pcah', Pcah.fromJson],
  ['sdh', Sdh.fromJson],
  ['sim-hash', SimHash.fromJson],
  ['spectral-hashing', SpectralHashing.fromJson],
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
    `hasherFromJson: expected a kind among ${[...readers.keys()].join(', ')}, got ${json?.kind}`,
  );
}
