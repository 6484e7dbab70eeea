import type { Matrix } from './matrix.js';

/** Which factors are transposed first. */
export interface MultiplyOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** First and second moments of rows around an origin. */
export interface Scatter {
  /** Σ(x − o), `[d]`. */
  readonly sums: Float64Array;
  /** Σ(x − o)(x − o)ᵀ, `[d × d]`, both triangles. */
  readonly products: Float64Array;
}

/** What a k-means update needs of the rows. */
export interface CentroidSums {
  /** Σ(x − o) over the rows that are nearest to each centroid, `[k × d]`. */
  readonly sums: Float64Array;
  /** How many rows those are, `[k]`. */
  readonly counts: Float64Array;
}

/** The nearest centroid of each row. */
export interface Assignment {
  /** Index of the nearest centroid, `[n]`; of equally near ones the lowest, as far as rounding lets one tell. */
  readonly assignments: Int32Array;
  /** ‖x − c‖² to it, `[n]`, in double precision. */
  readonly squaredDistances: Float64Array;
}

/** Rows, relative to an origin, that are kept ready to be compared with centroids or directions again and again. */
export interface HeldRows {
  /** Sums and counts of the rows nearest to each centroid. @param centroids `[k × d]`, relative to the origin */
  sumByCentroid(centroids: Matrix): Promise<CentroidSums>;
  /** The nearest centroid of each row. @param centroids `[k × d]`, relative to the origin */
  assign(centroids: Matrix): Promise<Assignment>;
  /** Σ(x − o)·sgn((x − o)·R)ᵀ over the rows, where sgn 0 = 1, in float64, `[d × k]`. @param directions R, `[d × k]` */
  correlateWithSigns(directions: Matrix): Promise<Matrix>;
  /** Frees what is held. A second call does nothing. */
  dispose(): void;
}

/**
 * The heavy products of linear algebra, so that another engine can do them. Everything here is computed at least in float32; sums over many
 * rows are carried in float64. Arguments have been checked by the caller; the rows of one call fit into memory.
 */
export interface MatrixOperations {
  /** The format that products are computed in: a copy of float32 numbers made for them need be no finer. */
  readonly precision: 'float32' | 'float64';
  /** op(A)·op(B), where op transposes if told. float32 if both factors are, else float64. */
  multiply(a: Matrix, b: Matrix, options?: MultiplyOptions): Promise<Matrix>;
  /** Moments of the rows around an origin near their mean; products of numbers far from 0 would lose their digits. @param origin float32 values, `[d]` */
  scatter(rows: Matrix, origin: Float64Array): Promise<Scatter>;
  /** Keeps the rows ready. The caller disposes them. @param origin near the rows' mean, `[d]` */
  holdRows(rows: Matrix, origin: Float64Array): HeldRows;
  /**
   * Of each part m of each row, columns m·d … (m + 1)·d − 1, the nearest of that part's k centroids; of equally near ones the lowest, as far
   * as rounding lets one tell. May be missing, and may give undefined for numbers that it cannot hold: take `holdRows` then.
   *
   * @param centroids of all parts, one a row, `[parts · k × d]`
   * @returns `[n × parts]`, 0 … k − 1
   */
  nearestInParts?(rows: Matrix, centroids: Matrix, parts: number): Promise<Int32Array | undefined>;
}
