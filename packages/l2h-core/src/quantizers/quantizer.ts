import type { Matrix } from '@tensor-papers/numerics/linalg';
import { CodeShapeError, HashOptionError } from '../errors.js';
import type { EncodeOptions, FitOptions, FitReport, HasherJson } from '../hashers/hasher.js';
import { isTyped } from '../lists.js';
import { shown } from '../shown.js';

/** Codes of a quantiser: of vector i, part m, the index of a centroid in `bytes[i · parts + m]`. */
export interface QuantizedCodes {
  readonly n: number;
  /** Bytes of a code. */
  readonly parts: number;
  readonly bytes: Uint8Array;
}

/** Something that writes vectors as sums (or rows) of centroids, so that squared distances to a query are sums of table entries. */
export interface Quantizer {
  /** The method, as `quantizerFromJson` knows it. */
  readonly kind: string;
  /** Bytes of a code. */
  readonly parts: number;
  /** Centroids of a part, at most 256. */
  readonly centroids: number;
  /** Dimension of the vectors; null before the fit. */
  readonly dimensions: number | null;
  /**
   * Learns from vectors `[n × d]`; what was learnt before is replaced when, and only when, the fit succeeds.
   *
   * @throws TrainingDataError, VectorShapeError, NonFiniteVectorError, HashOptionError; the signal's reason
   */
  fit(vectors: Matrix, options?: FitOptions): Promise<FitReport>;
  /** @throws NotFittedError, VectorShapeError, NonFiniteVectorError */
  encode(vectors: Matrix, options?: EncodeOptions): Promise<QuantizedCodes>;
  /** What the codes stand for, `[n × d]`, float32. @throws NotFittedError, CodeShapeError */
  decode(codes: QuantizedCodes): Matrix;
  /**
   * Tables of a query `[d]`, `[parts × centroids]`: with them the squared distance to a coded vector is {@link constantOf} plus Σ_m
   * table[m][code_m].
   */
  tables(query: ArrayLike<number>): Float64Array;
  /** What has to be added to the sums of a query's tables to make them squared distances. */
  constantOf(query: ArrayLike<number>): number;
  toJSON(): HasherJson;
}

/** Throws unless these are whole codes of a quantiser, of whichever. */
export function requireBytes(what: string, codes: QuantizedCodes): void {
  const { n, parts, bytes } = codes ?? {};
  const counted = Number.isSafeInteger(n) && n >= 0 && Number.isSafeInteger(parts) && parts >= 1;
  const typed = isTyped(bytes, Uint8Array);
  if (typed && counted && bytes.length === n * parts) return;
  const length = typed ? ` with ${bytes.length} bytes` : '';
  throw new CodeShapeError(
    `${what}: expected codes as a quantiser's encode gives them, { n, parts, bytes: Uint8Array } with n × parts bytes, got ${shown(codes)}${length}`,
  );
}

/** Throws unless these are whole codes of a quantiser of that many parts and centroids. */
export function requireQuantized(what: string, codes: QuantizedCodes, parts: number, centroids: number): void {
  requireBytes(what, codes);
  const { parts: got, bytes } = codes;
  if (got !== parts) throw new CodeShapeError(`${what}: expected codes of ${parts} bytes, got ${got}`);
  if (centroids === 256) return;
  const wrong = bytes.findIndex((byte) => byte >= centroids);
  if (wrong >= 0) {
    throw new CodeShapeError(
      `${what}: code ${Math.floor(wrong / parts)} names centroid ${bytes[wrong]}, there are ${centroids}`,
    );
  }
}

/** Throws unless it can be asked for tables. */
export function requireQuantizer(what: string, quantizer: Quantizer): void {
  if (typeof quantizer?.tables === 'function') return;
  throw new HashOptionError(`${what}: expected a quantiser such as a ProductQuantizer, got ${shown(quantizer)}`);
}

/** Throws unless a search may ask it for ids. */
export function requireFilter(what: string, filter: ((id: number) => boolean) | null | undefined): void {
  if (filter === undefined || filter === null || typeof filter === 'function') return;
  throw new HashOptionError(`${what}: filter: expected a function of an id, got ${shown(filter)}`);
}

/** Σ_m table[m][code_m] of every code, `[n]`. */
export function tableSums(tables: Float64Array, { n, parts, bytes }: QuantizedCodes): Float64Array {
  const centroids = tables.length / parts;
  const sums = new Float64Array(n);
  for (let i = 0, at = 0; i < n; i++) {
    let sum = 0;
    for (let m = 0; m < parts; m++, at++) sum += tables[m * centroids + bytes[at]!]!;
    sums[i] = sum;
  }
  return sums;
}
