import type { HasherJson } from '../hashers/hasher.js';
import { type FieldReader, jsonReader } from '../json-fields.js';
import { requireInteger } from '../options.js';
import type { Codebooks } from './codebooks.js';

/** The fields of a quantiser's model. @throws HashOptionError for another kind or version */
export const modelReader = (what: string, kind: string, json: HasherJson): FieldReader =>
  jsonReader(what, 'a quantiser', kind, json).fields('model');

/** A field that counts something. */
export function readCount(reader: FieldReader, name: string, most?: number): number {
  const count = reader.number(name);
  requireInteger(reader.what, name, count, 1, most);
  return count;
}

/** @throws HashOptionError */
export function readCodebooks(reader: FieldReader): Codebooks {
  const parts = readCount(reader, 'parts');
  const centroids = readCount(reader, 'centroids', 256);
  const width = readCount(reader, 'width');
  return { parts, centroids, width, values: reader.vector('values', parts * centroids * width) };
}
