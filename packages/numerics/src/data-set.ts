/** Where a data set came from: what a result file records and a user has to cite. */
export interface DataSource {
  /** Stable name, such as `fashion-mnist` or `fashion-mnist/subset`. */
  readonly id: string;
  /** Checksum of what the images and labels were read from (hex). */
  readonly sha256: string;
  readonly licence: string;
  readonly citation: string;
}

/**
 * Labelled images with random access: plain data, no tensors, no engine.
 *
 * Pixels are bytes in NHWC order, 0 … 255; they become float32 in [0, 1] where batches are made.
 */
export interface DataSet {
  readonly length: number;
  /** Height, width, channels of every image. */
  readonly shape: readonly [number, number, number];
  readonly classNames: readonly string[];
  /** One stable name per image. */
  readonly ids: readonly string[];
  /** Class ids 0 … C − 1, −1 where missing. */
  readonly labels: Int32Array;
  /** The pixels of the images at `indices`, one after the other: `indices.length × h × w × c` bytes. */
  images(indices: ArrayLike<number>): Uint8Array | Promise<Uint8Array>;
  /** Masks, points or attributes of the images at `indices`, where the set has them. */
  targets?(indices: ArrayLike<number>): unknown;
  readonly source: DataSource;
}
