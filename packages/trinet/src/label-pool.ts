import type { DataSet } from '@tensor-papers/numerics/data-set';
import { type HeadNumber, type Labelers, labelersOf, requireHead } from './heads.js';
import type { PseudoLabels } from './pseudo-labels.js';
import type { TriNet } from './tri-net.js';
import { voteLabels } from './vote-labels.js';

/** Options of {@link labelPool}. */
export interface LabelPoolOptions {
  /** For which head: it has no vote itself. */
  readonly head: HeadNumber;
  /** σ_t, see {@link voteLabels}. */
  readonly threshold: number;
  /** The examples to label, ascending. Default: all. */
  readonly indices?: Int32Array;
  /** Default `others`. */
  readonly labelers?: Labelers;
  /** Default 256. */
  readonly batchSize?: number;
}

/**
 * The other two heads label a pool for a head, in inference mode: {@link voteLabels} on their predictions.
 *
 * The labels of the data set are not looked at.
 *
 * @returns what was accepted
 * @throws OptionError; NonFiniteError when the net gives NaN or an infinity
 */
export async function labelPool(net: TriNet, unlabeled: DataSet, options: LabelPoolOptions): Promise<PseudoLabels> {
  const { head, threshold, labelers = 'others', batchSize = 256 } = options;
  const { indices = Int32Array.from({ length: unlabeled.length }, (_, i) => i) } = options;
  requireHead(head);
  const heads = [...new Set(labelersOf(head, labelers))];
  const [probJ, probH = probJ] = await net.probabilities(unlabeled, { heads, indices, batchSize });
  const { accepted, labels, confidence } = voteLabels(probJ!, probH!, { classes: net.classes, threshold });
  return {
    indices: accepted.map((row) => indices[row]!),
    labels,
    confidence: Float32Array.from(accepted, (row) => confidence[row]!),
  };
}
