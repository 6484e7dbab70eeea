import type * as tf from '@tensorflow/tfjs';
import { requireEmbeddings } from '../checks.js';
import { LabelsError } from '../errors.js';
import { type Labels, readLabels } from '../labels.js';

/** Class ids 0 … C − 1 of the rows of proxies, and the labels of the batch, checked to lie among them. */
export function proxyLabels(embeddings: tf.Tensor2D, labels: Labels, proxies: tf.Tensor2D) {
  const [rows, width] = requireEmbeddings('embeddings', embeddings);
  const [classes] = requireEmbeddings('proxies', proxies, width);
  const ids = readLabels('labels', labels, rows);
  ids.forEach((label, row) => {
    if (label >= classes) {
      throw new LabelsError(`labels: row ${row}: expected a class 0 … ${classes - 1}, one a proxy, got ${label}`);
    }
  });
  return { ids, proxyIds: Int32Array.from({ length: classes }, (_, c) => c) };
}
