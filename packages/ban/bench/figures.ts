import { type Figure, type FigureContext, meanBar, meanSeries } from '@tensor-papers/workbench';
import type { Arm } from './arms.js';
import type { BanConfig } from './config.js';
import type { GalleryItem } from './gallery.js';

interface Artifacts {
  readonly classNames: string[];
  readonly confusion: number[];
  readonly gallery: GalleryItem[];
}

type Context = FigureContext<BanConfig>;

const groups: Readonly<Record<string, readonly Arm[]>> = {
  'trained on labels': ['teacher', 'teacher-2', 'teacher-3'],
  students: ['ban', 'ban+l', 'cwtm', 'dkpp', 'smoothMax'],
  'later generations': ['ban-2', 'ban-3'],
  ensembles: ['bane-2', 'bane-3', 'teacher+bane-2', 'ensemble-2-teachers', 'ensemble-3-teachers'],
  'other architecture': ['cross/mlp-ce', 'cross/cnn-to-mlp', 'cross/mlp-to-cnn'],
  'under-trained': ['short/teacher', 'short/ban', 'short/ban+l'],
};

/** The figures of the report, from the outcomes of all seeds. */
export function figures(context: Context): Figure[] {
  return [
    armBars(context, 'test-accuracy', 'Test accuracy of every arm', '%'),
    generations(context),
    learningCurves(context),
    gallery(context),
    armBars(context, 'test-nll', 'Negative log-likelihood on the test images', 'nats'),
    armBars(context, 'test-ece', 'Calibration error on the test images (15 bins)', '%'),
    confusion(context),
  ];
}

function seedsInWords({ seeds }: Context): string {
  if (seeds.length === 1) return 'one seed';
  return `mean of ${seeds.length} seeds${seeds.length > 2 ? ' with 95 % t intervals' : ''}`;
}

function armBars(context: Context, metric: string, title: string, unit: string): Figure {
  const bars = Object.entries(groups).flatMap(([group, arms]) =>
    arms.flatMap((arm) => meanBar(arm, context.arms[arm]?.[metric] ?? [], group) ?? []),
  );
  const byValue = [...bars].sort((a, b) => a.value - b.value);
  return {
    kind: 'bars',
    id: metric,
    title,
    unit,
    bars,
    caption: `${capital(seedsInWords(context))}. Intervals of single arms overlap easily: what counts are the paired differences of the claims.`,
    alt: `One mark per arm; from ${byValue[0]?.label} (${byValue[0]?.value.toFixed(2)}) to ${byValue.at(-1)?.label} (${byValue.at(-1)?.value.toFixed(2)}).`,
  };
}

function generations(context: Context): Figure {
  const line = (name: string, arms: readonly Arm[], first: number) =>
    meanSeries(
      name,
      context.seeds.map((_, seed) =>
        arms.map((arm, i) => [first + i, context.arms[arm]?.['test-accuracy']?.[seed] ?? null] as const),
      ),
    );
  return {
    kind: 'curve',
    id: 'generations',
    title: 'Generations and ensembles of them',
    x: { label: 'number of trainings' },
    y: { label: 'test accuracy', unit: '%' },
    series: [
      line('teacher, then BAN-1, BAN-2, BAN-3', ['teacher', 'ban', 'ban-2', 'ban-3'], 1),
      line('ensemble of the first students (BANE)', ['ban', 'bane-2', 'bane-3'], 2),
      line('ensemble of independent teachers (control)', ['teacher', 'ensemble-2-teachers', 'ensemble-3-teachers'], 1),
    ],
    caption: `At equal training cost: BANE-K needs K + 1 trainings, an ensemble of K teachers K. ${capital(seedsInWords(context))}.`,
    alt: 'Test accuracy over the number of trainings for single generations, ensembles of generations, and ensembles of independent teachers.',
  };
}

function learningCurves(context: Context): Figure {
  const shown: readonly Arm[] = ['teacher', 'ban', 'ban+l', 'cwtm', 'dkpp', 'smoothMax'];
  return {
    kind: 'curve',
    id: 'learning-curves',
    title: 'Learning curves',
    x: { label: 'epoch' },
    y: { label: 'validation accuracy', unit: '%' },
    series: shown.map((arm) =>
      meanSeries(
        arm,
        context.seeds.map(({ outcome }) => outcome.series?.find((series) => series.arm === arm)?.points ?? []),
      ),
    ),
    caption: `Accuracy on validation images, which select nothing: the last epoch's weights are tested. ${capital(seedsInWords(context))}.`,
    alt: 'Validation accuracy after each epoch for the teacher and its students in five modes.',
  };
}

function gallery(context: Context): Figure {
  const { seed, outcome } = context.seeds[0]!;
  return {
    kind: 'gallery',
    id: 'soft-outputs',
    title: 'What teacher and student say of test images',
    items: (outcome.artifacts as unknown as Artifacts).gallery,
    caption: `Softmax outputs of seed ${seed}: the four test images on which the teacher is least certain, the four on which teacher and student differ most, and four drawn at random.`,
    alt: 'Twelve test images, each with the class probabilities of the teacher and of its first student.',
  };
}

function confusion(context: Context): Figure {
  const all = context.seeds.map(({ outcome }) => outcome.artifacts as unknown as Artifacts);
  const classes = all[0]!.classNames;
  const matrix = classes.map((_, row) =>
    classes.map((_, column) => all.reduce((sum, { confusion }) => sum + confusion[row * classes.length + column]!, 0)),
  );
  return {
    kind: 'confusion',
    id: 'teacher-confusion',
    title: 'What the teacher confuses',
    classes,
    matrix,
    caption: 'Counts over the test images of all seeds: the similarities that its soft outputs can pass on.',
    alt: 'Confusion matrix of the teacher; the largest counts off the diagonal are between kinds of tops.',
  };
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
