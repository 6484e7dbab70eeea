import { subset } from '@tensor-papers/datasets';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { Rng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { classBalancedBatches, tripletDiagram } from '../src/index.js';
import type { Part } from './config.js';
import type { Embed } from './evaluate.js';

/** Where the triplets of some training batches lie. */
export interface Probe {
  /** Means over the batches. */
  readonly meanCosine: number;
  readonly hardRatio: number;
  /** Some triplets of easy positive and hardest negative, `[S_ap, S_an]`. */
  readonly points: readonly (readonly [number, number])[];
}

const batchesInAll = 5;
const pointsInAll = 150;

/** The batches that a part is looked at on: the same for all arms of a seed. */
export function probeBatches(part: Part, train: DataSet, rng: Rng): Int32Array[] {
  const { classesPerBatch, imagesPerClass } = part;
  return classBalancedBatches(train.labels, {
    ...{ classesPerBatch, imagesPerClass, passes: batchesInAll, rng: rng.stream('probe') },
  }).slice(0, batchesInAll);
}

export async function probe(embed: Embed, train: DataSet, batches: readonly Int32Array[]): Promise<Probe> {
  const together = Int32Array.from(batches.flatMap((batch) => [...batch]));
  const { values, dimensions, labels } = await embed(subset(train, together));
  let start = 0;
  const diagrams = batches.map(({ length }) => {
    const end = start + length;
    const rows = tf.tensor2d(values.subarray(start * dimensions, end * dimensions), [length, dimensions]);
    const ofBatch = labels.subarray(start, end);
    start = end;
    try {
      return tripletDiagram(rows, ofBatch, { maxPoints: Math.ceil(pointsInAll / batches.length) });
    } finally {
      rows.dispose();
    }
  });
  const mean = (values: readonly (number | null)[]) =>
    values.reduce<number>((sum, value) => sum + value!, 0) / values.length;
  const round = (value: number) => Number(value.toFixed(3));
  return {
    meanCosine: mean(diagrams.map(({ meanOffDiagonal }) => meanOffDiagonal)),
    hardRatio: mean(diagrams.map(({ hardRatio }) => hardRatio)),
    points: diagrams.flatMap(({ points: { positive, negative } }) =>
      Array.from(positive, (value, i) => [round(value), round(negative[i]!)] as const),
    ),
  };
}
