import type { DataSet } from '@tensor-papers/numerics/data-set';
import { type PredictOptions, type Predictor, predictLogits } from '@tensor-papers/tensor-core/train';
import { EmptyBatchError } from '../errors.js';

/** Options of {@link embedImages}. */
export interface EmbedImagesOptions extends PredictOptions {
  /** Rows of length 1, so that dot products are cosines and Euclidean neighbours those of the cosine. Default true. */
  readonly normalise?: boolean;
}

/** Embeddings as plain numbers, for an index or a file. */
export interface EmbeddedImages {
  /** `[length × dimensions]`, row after row. */
  readonly values: Float32Array;
  readonly length: number;
  readonly dimensions: number;
  /** Names and class ids of the images, one a row. */
  readonly ids: readonly string[];
  readonly labels: Int32Array;
}

/**
 * The embeddings of a data set's images, in inference mode, with what an index has to say of each row. A row of zeros stays one.
 *
 * @param model a model or function that returns `[B, D]`
 * @throws EmptyBatchError for no images; ModelOutputError
 * @example
 * const { values, dimensions, ids } = await embedImages(run.model, gallery);
 */
export async function embedImages(
  model: Predictor,
  data: DataSet,
  { normalise = true, ...options }: EmbedImagesOptions = {},
): Promise<EmbeddedImages> {
  const { indices } = options;
  const length = indices?.length ?? data.length;
  if (length === 0) throw new EmptyBatchError('embedImages: expected at least one image, got none');
  const values = await predictLogits(model, data, options);
  const dimensions = values.length / length;
  if (normalise) {
    for (let start = 0; start < values.length; start += dimensions) scale(values.subarray(start, start + dimensions));
  }
  const rows = indices ? Array.from(indices) : [...data.labels.keys()];
  return {
    ...{ values, length, dimensions },
    ids: rows.map((index) => data.ids[index]!),
    labels: Int32Array.from(rows, (index) => data.labels[index]!),
  };
}

function scale(row: Float32Array): void {
  const norm = Math.hypot(...row);
  if (norm > 0) for (let i = 0; i < row.length; i++) row[i]! /= norm;
}
