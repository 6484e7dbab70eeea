import { classBalancedIndices, fashionMnist, subset } from '@tensor-papers/datasets';
import type { DataSet, DataSource } from '@tensor-papers/numerics/data-set';
import type { Matrix } from '@tensor-papers/numerics/linalg';
import type { Rng } from '@tensor-papers/numerics/random';
import type { HashingConfig } from './config.js';

/** Images as vectors of pixels in 0 … 1. */
export interface Vectors {
  readonly vectors: Matrix & { readonly values: Float32Array };
  readonly labels: Int32Array;
  readonly images: DataSet;
}

export interface Splits {
  readonly queries: Vectors;
  readonly database: Vectors;
  readonly source: DataSource;
}

async function vectorsOf(images: DataSet): Promise<Vectors> {
  const pixels = await images.images(Array.from({ length: images.length }, (_, i) => i));
  const values = Float32Array.from(pixels, (byte) => byte / 255);
  return {
    vectors: { rows: images.length, columns: values.length / images.length, values },
    labels: images.labels,
    images,
  };
}

/** The queries of a seed, class-balanced out of the test images, and the database, out of the training images. */
export async function drawSplits(config: HashingConfig, rng: Rng, signal: AbortSignal): Promise<Splits> {
  const variant = config.dataSet === 'fashion-mnist' ? 'full' : 'subset';
  const train = await fashionMnist({ split: 'train', variant, signal });
  const test = await fashionMnist({ split: 'test', variant, signal });
  const { databasePerClass, queriesPerClass } = config;
  const database =
    databasePerClass === null
      ? train
      : subset(train, classBalancedIndices(train.labels, databasePerClass, rng.stream('database')));
  const queries = subset(test, classBalancedIndices(test.labels, queriesPerClass, rng.stream('queries')));
  return { queries: await vectorsOf(queries), database: await vectorsOf(database), source: train.source };
}
