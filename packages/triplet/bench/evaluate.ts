import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { RetrievalScores } from '@tensor-papers/numerics/metrics';
import * as tf from '@tensorflow/tfjs';
import { type EmbeddedImages, embedImages, evaluateEmbeddings } from '../src/index.js';
import type { Splits } from './splits.js';

/** What an arm reports. R@k, R-precision and MAP@R in percent. */
export type ArmMetrics = Record<string, number | null>;

/** How images become unit rows. */
export type Embed = (data: DataSet) => Promise<EmbeddedImages>;

export const embedWith =
  (model: tf.LayersModel): Embed =>
  (data) =>
    embedImages(model, data);

/** Raw pixels in −1 … 1 as an embedding. */
export const embedPixels: Embed = (data) =>
  embedImages((x) => tf.sub(tf.mul(tf.reshape(x, [x.shape[0], -1]), 2), 1), data);

/** An arm on unseen classes, with what figures show of it. */
export interface Evaluation {
  readonly metrics: ArmMetrics;
  readonly test: EmbeddedImages;
  /** One character a query: 1 where the nearest image is of its class, 0 where it is not, - where it has none. */
  readonly hits: string;
}

/** Measures an embedding on the test images. */
export async function evaluate(embed: Embed, { test, gallery, apart }: Splits): Promise<Evaluation> {
  const queries = await embed(test);
  const scores = retrieval(queries, gallery ? await embed(gallery) : null);
  const [r1, r2, r4, r8] = scores.hitAt.map((value) => 100 * value);
  return {
    metrics: {
      ...{ r1: r1!, r2: r2!, r4: r4!, r8: r8! },
      'map-at-r': 100 * scores.averagePrecisionAtR,
      'r-precision': 100 * scores.rPrecision,
      'class-cosine': classCosine(queries),
      'r1-apart': apart ? 100 * retrieval(await embed(apart), null).hitAt[0]! : null,
    },
    test: queries,
    hits: Array.from(scores.perQuery.hitAt[0]!, (value) => (Number.isNaN(value) ? '-' : String(value))).join(''),
  };
}

function retrieval(queries: EmbeddedImages, gallery: EmbeddedImages | null): RetrievalScores {
  const rowsOf = ({ values, length, dimensions }: EmbeddedImages) => tf.tensor2d(values, [length, dimensions]);
  const rows = rowsOf(queries);
  const searched = gallery && { embeddings: rowsOf(gallery), labels: gallery.labels };
  try {
    return evaluateEmbeddings(rows, queries.labels, { at: [1, 2, 4, 8], ...(searched ? { gallery: searched } : {}) });
  } finally {
    rows.dispose();
    searched?.embeddings.dispose();
  }
}

/** The mean over classes of the mean cosine of two different images of the class; null where no class has two. */
export function classCosine({ values, labels, dimensions }: EmbeddedImages): number | null {
  const classes = new Map<number, { readonly sum: Float64Array; count: number; squares: number }>();
  for (const [row, label] of labels.entries()) {
    const of = classes.get(label) ?? { sum: new Float64Array(dimensions), count: 0, squares: 0 };
    classes.set(label, of);
    of.count += 1;
    for (let d = 0; d < dimensions; d++) {
      const value = values[row * dimensions + d]!;
      of.sum[d]! += value;
      of.squares += value * value;
    }
  }
  const means = [...classes.values()]
    .filter(({ count }) => count > 1)
    .map(({ sum, count, squares }) => {
      const square = sum.reduce((total, value) => total + value * value, 0);
      return (square - squares) / (count * (count - 1));
    });
  return means.length === 0 ? null : means.reduce((sum, value) => sum + value, 0) / means.length;
}
