import type { DataSet } from '@tensor-papers/numerics/data-set';
import { pngDataUri } from '@tensor-papers/workbench';
import type { EditedPseudoLabels, RoundPseudoLabels } from '../src/index.js';

/** One image of the gallery block, all fields given. */
export type GalleryItem = {
  image: string;
  title: string;
  group: string;
  labels: string[];
  bars: { name: string; values: number[] }[];
  note: string;
};

/** A pseudo-label with its K predictions: plain JSON. */
export interface Candidate {
  readonly round: number;
  readonly head: number;
  /** Of the unlabelled data. */
  readonly index: number;
  readonly label: number;
  readonly truth: number;
  readonly confidence: number;
  readonly mismatches: number;
  readonly predictions: readonly number[];
}

const groups = {
  'removed-wrong': 'Edited away, rightly: the pseudo-label was wrong',
  'removed-right': 'Edited away, wrongly: the pseudo-label was right',
  'kept-wrong': 'Kept, though wrong',
} as const;

const ofEachKind = 4;

/** The surest pseudo-labels of each kind, one an image. */
export class GalleryCollector {
  readonly #kinds: Record<keyof typeof groups, Candidate[]> = {
    'removed-wrong': [],
    'removed-right': [],
    'kept-wrong': [],
  };
  readonly #truth: Int32Array;

  constructor(truth: Int32Array) {
    this.#truth = truth;
  }

  add({ round, head, kept, removed }: RoundPseudoLabels): void {
    const isWrong = ({ label, truth }: Candidate) => label !== truth;
    const gone = this.#candidates(round, head, removed);
    this.#insert('removed-wrong', gone.filter(isWrong));
    this.#insert(
      'removed-right',
      gone.filter((each) => !isWrong(each)),
    );
    this.#insert('kept-wrong', this.#candidates(round, head, kept).filter(isWrong));
  }

  items(unlabeled: DataSet): GalleryItem[] {
    return Object.entries(groups).flatMap(([kind, group]) =>
      this.#kinds[kind as keyof typeof groups].map((candidate) => item(unlabeled, candidate, group)),
    );
  }

  #candidates(round: number, head: number, labels: EditedPseudoLabels): Candidate[] {
    const passes = (labels.predictions?.length ?? 0) / Math.max(1, labels.indices.length);
    return Array.from(labels.indices, (index, i) => ({
      ...{ round, head, index, label: labels.labels[i]!, truth: this.#truth[index]! },
      ...{ confidence: labels.confidence[i]!, mismatches: labels.mismatches[i]! },
      predictions: Array.from(labels.predictions?.subarray(i * passes, (i + 1) * passes) ?? []),
    }));
  }

  #insert(kind: keyof typeof groups, candidates: readonly Candidate[]): void {
    const surest = new Map<number, Candidate>();
    for (const each of [...this.#kinds[kind], ...candidates]) {
      const before = surest.get(each.index);
      if (before === undefined || each.confidence > before.confidence) surest.set(each.index, each);
    }
    this.#kinds[kind] = [...surest.values()]
      .sort((a, b) => b.confidence - a.confidence || a.index - b.index)
      .slice(0, ofEachKind);
  }
}

function item(unlabeled: DataSet, candidate: Candidate, group: string): GalleryItem {
  const { round, head, index, label, truth, confidence, mismatches, predictions } = candidate;
  const { classNames, ids } = unlabeled;
  const share = (c: number) => predictions.filter((each) => each === c).length / Math.max(1, predictions.length);
  const pixels = unlabeled.images([index]);
  if (pixels instanceof Promise) throw new TypeError('expected a data set in memory');
  const [height, width, channels] = unlabeled.shape;
  return {
    image: pngDataUri(pixels, width, height, channels),
    title: `${classNames[label]} (true: ${classNames[truth]})`,
    group,
    labels: [...classNames],
    bars: [
      {
        name: `share of ${predictions.length} passes with dropout`,
        values: classNames.map((_, c) => Number(share(c).toFixed(4))),
      },
    ],
    note: `${ids[index]}: round ${round}, for head ${head}, confidence ${confidence.toFixed(3)}, ${mismatches} of ${predictions.length} passes differ`,
  };
}
