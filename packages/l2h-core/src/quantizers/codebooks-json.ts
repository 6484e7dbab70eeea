import { VectorShapeError } from '../errors.js';
import type { HasherJson } from '../hashers/hasher.js';
import type { Codebooks } from './codebooks.js';

export const codebooksToJson = ({ parts, centroids, width, values }: Codebooks, kind: string): HasherJson => ({
  kind,
  version: 1,
  parts,
  centroids,
  width,
  values: Array.from(values),
});

/** @throws VectorShapeError for JSON that is none */
export function codebooksFromJson(json: HasherJson, kind: string): Codebooks {
  const { parts, centroids, width, values } = json as Partial<Record<string, unknown>>;
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;
  const whole =
    json?.kind === kind &&
    json.version === 1 &&
    isCount(parts) &&
    isCount(centroids) &&
    centroids <= 256 &&
    isCount(width) &&
    Array.isArray(values) &&
    values.length === parts * centroids * width &&
    values.every(Number.isFinite);
  if (whole) return { parts, centroids, width, values: Float64Array.from(values as number[]) };
  throw new VectorShapeError(
    `expected a quantiser of kind ${kind}, version 1, with parts × centroids × width finite values; was it written by toJSON()?`,
  );
}
