import { HashOptionError } from '../errors.js';
import type { HasherJson } from '../hashers/hasher.js';
import { FieldReader, kindShown } from '../json-fields.js';
import { requireInteger } from '../options.js';
import type { Codebooks } from './codebooks.js';

/** The fields of a quantiser's JSON. @throws HashOptionError for another kind or version */
export function modelReader(json: HasherJson, kind: string): FieldReader {
  const { kind: got, version, model } = Object(json) as Partial<HasherJson>;
  if (got === kind && version === 1) return new FieldReader(kind, model);
  throw new HashOptionError(`expected a quantiser of kind ${kind}, version 1, got ${kindShown(json)}`);
}

/** A field that counts something. */
export function readCount(reader: FieldReader, name: string, most?: number): number {
  const count = reader.number(name);
  requireInteger('JSON of a quantiser', name, count, 1, most);
  return count;
}

/** @throws HashOptionError */
export function readCodebooks(reader: FieldReader): Codebooks {
  const parts = readCount(reader, 'parts');
  const centroids = readCount(reader, 'centroids', 256);
  const width = readCount(reader, 'width');
  return { parts, centroids, width, values: reader.vector('values', parts * centroids * width) };
}
