import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { JsonValue } from '@tensor-papers/tensor-core/train';
import type { Configuration } from './run-state.js';
import type { TriNetSettings } from './tri-net-options.js';

/**
 * What decides the numbers of a run, as far as it can be written down.
 *
 * Not in it: `rounds` (a run may go on for more of them), what only observes, and functions. Weights and optimisers of another
 * form are found out by their own checkpoints.
 */
export function configurationOf(settings: TriNetSettings): Configuration {
  const { seed, batchSize, initialisation, headTraining, fineTuning, augment, std, freshSmearing, fineTune } = settings;
  const { desPasses, desCount, desInclusive, labelers, simultaneous, freezeStatistics, evaluationBatchSize } = settings;
  const { poolBase, sigma0, sigmaOs, sigmaDecrement, fineTuneEvery, labeledFraction, clipNorm } = settings;
  return {
    ...{ seed, batchSize, std, freshSmearing, fineTune, desPasses, desCount, desInclusive, labelers, simultaneous },
    ...{ freezeStatistics, evaluationBatchSize, poolBase, sigma0, sigmaOs, sigmaDecrement, fineTuneEvery },
    labeledFraction: labeledFraction ?? null,
    clipNorm: clipNorm ?? null,
    initialisation: { ...initialisation } as JsonValue,
    headTraining: { ...headTraining } as JsonValue,
    fineTuning: { ...fineTuning } as JsonValue,
    augment: augment as unknown as JsonValue,
    labeled: fingerprint(settings.labeled, settings.labeled.labels),
    unlabeled: fingerprint(settings.unlabeled, []),
  };
}

/** A data set in a few words: where it came from, how long it is, and a checksum of names and labels. */
function fingerprint({ source, length, ids }: DataSet, labels: ArrayLike<number>): string {
  let hash = 0x811c9dc5;
  const add = (value: number) => {
    hash = Math.imul(hash ^ value, 0x01000193) >>> 0;
  };
  for (const id of ids) {
    for (let i = 0; i < id.length; i++) add(id.charCodeAt(i));
    add(-1);
  }
  for (let i = 0; i < labels.length; i++) add(labels[i]!);
  return `${source.id} ${source.sha256.slice(0, 12)} of ${length}, ${hash.toString(16)}`;
}
