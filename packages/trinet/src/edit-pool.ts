import type { DataSet } from '@tensor-papers/numerics/data-set';
import { predictLogits } from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';
import { requireChoice, requireFinite, requireInteger } from './checks.js';
import { type DesCount, desCounts, editLabels, passMismatches, preferredByBoth } from './edit-labels.js';
import { type HeadNumber, type Labelers, labelersOf, requireHead } from './heads.js';
import { type EditedPseudoLabels, type PseudoLabels, selectPseudoLabels } from './pseudo-labels.js';
import type { TriNet } from './tri-net.js';

/** Options of {@link editPool}. */
export interface EditPoolOptions {
  /** For which head the labels are. */
  readonly head: HeadNumber;
  /** K ≥ 0 stochastic passes; 0 keeps everything. Default 9. */
  readonly passes?: number;
  /** Default `mean`. */
  readonly count?: DesCount;
  /** Delete at k = K/3 already. Default false. */
  readonly inclusive?: boolean;
  /** Also return the class of every pass. Default false. */
  readonly keepPredictions?: boolean;
  /** Default `others`. */
  readonly labelers?: Labelers;
  /** Examples at a time, all K passes of which are read back together. Default 256. */
  readonly batchSize?: number;
}

/** Pseudo-labels in two parts. */
export interface EditedPool {
  readonly kept: EditedPseudoLabels;
  readonly removed: EditedPseudoLabels;
}

/**
 * Pseudo-label editing (DES): K passes with dropout through trunk and labelling heads; a label that they contradict more than
 * K/3 times is deleted, see {@link editLabels}.
 *
 * Each pass draws new dropout masks, one trunk pass for both heads. Normalisation uses its moving statistics and leaves them as
 * they are, so that the batch size decides nothing but the masks.
 *
 * @throws OptionError; NonFiniteError when the net gives NaN or an infinity
 */
export async function editPool(
  net: TriNet,
  unlabeled: DataSet,
  pseudoLabels: PseudoLabels,
  options: EditPoolOptions,
): Promise<EditedPool> {
  const { head, passes = 9, inclusive = false, batchSize = 256, keepPredictions = false } = options;
  requireHead(head);
  requireInteger('passes', passes, 0);
  requireInteger('batchSize', batchSize, 1);
  requireChoice('count', options.count ?? 'mean', desCounts);
  const size = pseudoLabels.indices.length;
  const predictions = keepPredictions ? new Int32Array(size * passes) : undefined;
  const edited: EditedPseudoLabels = {
    ...pseudoLabels,
    mismatches: new Int32Array(size),
    ...(predictions ? { predictions } : {}),
  };
  if (passes === 0) return { kept: edited, removed: selectPseudoLabels(edited, []) };
  for (let from = 0; from < size; from += batchSize) await countChunk(net, unlabeled, edited, from, options);
  const keep = editLabels(edited.mismatches, { passes, inclusive });
  const positions = (kept: number) => Array.from(keep.keys()).filter((position) => keep[position] === kept);
  return { kept: selectPseudoLabels(edited, positions(1)), removed: selectPseudoLabels(edited, positions(0)) };
}

/** Adds the mismatches of one chunk to `edited`. */
async function countChunk(
  net: TriNet,
  unlabeled: DataSet,
  { indices: all, labels, mismatches, predictions }: EditedPseudoLabels,
  from: number,
  { head, passes = 9, count = 'mean', labelers = 'others', batchSize = 256 }: EditPoolOptions,
): Promise<void> {
  const { classes } = net;
  const indices = all.subarray(from, from + batchSize);
  const heads = [...new Set(labelersOf(head, labelers))];
  const width = heads.length * classes;
  const forward = (x: tf.Tensor) => {
    const each = Array.from({ length: passes }, () =>
      tf.reshape(tf.softmax(net.logits(x, { heads, mode: 'stochastic' })), [x.shape[0]!, width]),
    );
    return each.length === 1 ? each[0]! : tf.concat(each, 1); // [B, K · heads · C]
  };
  const values = await predictLogits(forward, unlabeled, { indices, batchSize });
  requireFinite(
    `data set ${unlabeled.source.id}`,
    values,
    (position) => indices[Math.floor(position / (passes * width))]!,
  );
  for (let row = 0; row < indices.length; row++) {
    for (let pass = 0; pass < passes; pass++) {
      const startJ = (row * passes + pass) * width;
      const startH = startJ + width - classes;
      const label = labels[from + row]!;
      mismatches[from + row]! += passMismatches(values, startJ, values, startH, { classes, count, label });
      if (predictions !== undefined) {
        predictions[(from + row) * passes + pass] = preferredByBoth(values, startJ, values, startH, classes);
      }
    }
  }
}
