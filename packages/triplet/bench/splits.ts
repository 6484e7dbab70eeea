import { fashionMnist, subset } from '@tensor-papers/datasets';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { Rng } from '@tensor-papers/numerics/random';
import { splitClasses } from '../src/index.js';
import type { Part } from './config.js';
import { emoji } from './emoji.js';
import { loadFolder } from './folders.js';

/** The images of one seed; classes of one are in none of the others. */
export interface Splits {
  readonly train: DataSet;
  /** Null where there is one learning rate. */
  readonly validation: DataSet | null;
  readonly test: DataSet;
  /** What `test` is searched in; null: itself. */
  readonly gallery: DataSet | null;
  /** Classes that are measured apart, such as flags; null where there are none. */
  readonly apart: DataSet | null;
  /** For the reader: which classes were drawn. */
  readonly note: string;
}

/** Images before anything is drawn. */
interface Loaded {
  readonly train: DataSet;
  readonly test: DataSet;
  readonly gallery: DataSet | null;
  readonly apart: DataSet | null;
}

interface LoadOptions {
  readonly part: Part;
  readonly rng: Rng;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

type Load = (options: LoadOptions) => Promise<Loaded>;

const whereLabel = ({ labels }: DataSet, wanted: (label: number) => boolean) =>
  [...labels.keys()].filter((i) => wanted(labels[i]!));

/** A half of the classes is for the test; flags, which all designs draw alike, are apart. */
const loadEmoji: Load = async ({ rng, signal, log }) => {
  const { data, categories } = await emoji({ signal, log });
  const isFlag = (label: number) => categories[label] === 'Flags';
  const drawings = subset(
    data,
    whereLabel(data, (label) => !isFlag(label)),
  );
  const classes = Math.floor(new Set(drawings.labels).size / 2);
  const { train, heldOut } = splitClasses(drawings.labels, { classes, rng: rng.stream('test') });
  return {
    ...{ train: subset(drawings, train), test: subset(drawings, heldOut), gallery: null },
    apart: subset(data, whereLabel(data, isFlag)),
  };
};

/** The first six classes of clothes train, the last four test. */
const loadClothes =
  (variant: 'full' | 'subset'): Load =>
  async ({ signal }) => {
    const train = await fashionMnist({ split: 'train', variant, signal });
    const test = await fashionMnist({ split: 'test', variant, signal });
    return {
      train: subset(
        train,
        whereLabel(train, (label) => label < 6),
      ),
      test: subset(
        test,
        whereLabel(test, (label) => label >= 6),
      ),
      ...{ gallery: null, apart: null },
    };
  };

const loadOwn =
  (name: 'cub-200-2011' | 'cars-196' | 'sop' | 'in-shop'): Load =>
  async ({ part, signal, log }) => ({
    ...(await loadFolder(name, { side: part.side ?? 64, signal, log })),
    apart: null,
  });

const loaders = {
  emoji: loadEmoji,
  'fashion-mnist': loadClothes('full'),
  'fashion-mnist/subset': loadClothes('subset'),
  'cub-200-2011': loadOwn('cub-200-2011'),
  'cars-196': loadOwn('cars-196'),
  sop: loadOwn('sop'),
  'in-shop': loadOwn('in-shop'),
} satisfies Record<string, Load>;

export type DataSetName = keyof typeof loaders;

/** Draws a seed's classes for training, validation and test. */
export async function drawSplits(options: LoadOptions): Promise<Splits> {
  const { part, rng } = options;
  const { train: all, test, gallery, apart } = await loaders[part.dataSet](options);
  const split =
    part.validationClasses === 0
      ? null
      : splitClasses(all.labels, { classes: part.validationClasses, rng: rng.stream('validation') });
  const train = split ? subset(all, split.train) : all;
  const atMost = (data: DataSet) => (part.testImages === null ? data : evenly(data, part.testImages));
  const validation = split ? atMost(subset(all, split.heldOut)) : null;
  const count = (set: DataSet | null) => new Set(set?.labels ?? []).size;
  return {
    ...{ train, validation, gallery, apart },
    test: atMost(test),
    note: `${part.prefix}classes: ${count(train)} train, ${count(validation)} choose the learning rate, ${count(test)} test${apart ? `, ${count(apart)} apart` : ''}`,
  };
}

/** At most `count` images, the first of every class. */
function evenly(data: DataSet, count: number): DataSet {
  const perClass = Math.floor(count / new Set(data.labels).size);
  const seen = new Map<number, number>();
  const kept = [...data.labels.keys()].filter((i) => {
    const before = seen.get(data.labels[i]!) ?? 0;
    seen.set(data.labels[i]!, before + 1);
    return before < perClass;
  });
  return subset(data, kept);
}
