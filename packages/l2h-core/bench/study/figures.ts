import { type Figure, type FigureContext, meanSeries, seedsInWords } from '@tensor-papers/workbench';
import { labelledArm, searchArm, studied } from './arms.js';
import type { StudyConfig } from './config.js';

type Context = FigureContext<StudyConfig>;

/** A metric of every seed over the sizes, both as powers of ten. */
function overSizes(context: Context, metric: string, recipe: string, k: number) {
  return context.seeds.map((_, seed) =>
    context.config.sizes.map((n) => {
      const value = context.arms[searchArm(recipe, n, k)]?.[metric]?.[seed];
      return [Math.log10(n), value === undefined || value === null ? null : Math.log10(value)] as const;
    }),
  );
}

function speedUp(context: Context): Figure {
  const { sizes, recipes, neighbors } = context.config;
  const series = recipes.flatMap((recipe) =>
    neighbors.map((k) => meanSeries(`${recipe}, k = ${k}`, overSizes(context, 'speed-up', recipe, k))),
  );
  return {
    kind: 'curve',
    id: 'mih-speed-up',
    title: 'Where multi-index hashing pays: flat scan ÷ multi-index hashing',
    x: { label: 'codes, power of ten' },
    y: { label: 'times as fast, power of ten' },
    series: [
      { name: 'as fast as the scan', reference: true, points: sizes.map((n) => ({ x: Math.log10(n), y: 0 })) },
      ...series,
    ],
    caption: `Time of the middle one of ${context.config.queries} queries, one a call, 64 bits: 0 is as fast as the scan, 1 ten times, −1 a tenth. Learned codes have near neighbours, random ones none, so that it falls back to the scan. ${seedsInWords(context)}.`,
    alt: 'Speed of multi-index hashing against the flat scan over the number of codes, for learned and random codes.',
  };
}

function times(context: Context): Figure {
  const mean = (arm: string, metric: string, digits: number) => {
    const values = (context.arms[arm]?.[metric] ?? []).filter((value) => value !== null);
    if (values.length === 0) return null;
    return Number((values.reduce((sum, value) => sum + value, 0) / values.length).toPrecision(digits));
  };
  const { sizes, recipes, neighbors } = context.config;
  return {
    kind: 'table',
    id: 'search-times',
    title: 'The middle query: time and distances',
    columns: [
      'codes',
      'k',
      'scan, ms',
      'multi-index hashing, ms',
      'distances computed, % of the scan’s',
      'fell back, %',
    ],
    rows: recipes.flatMap((recipe) =>
      sizes.flatMap((n) =>
        neighbors.map((k) => {
          const arm = searchArm(recipe, n, k);
          return [
            `${n.toLocaleString('en')} ${recipe}`,
            k,
            mean(arm, 'flat-ms', 3),
            mean(arm, 'mih-ms', 3),
            mean(arm, 'distances-share', 3),
            mean(arm, 'scanned-queries', 3),
          ];
        }),
      ),
    ),
    caption: `Both find the same. ${seedsInWords(context)}; times of a shared machine, which is why the figure above shows their ratio.`,
    alt: 'Times of flat scan and multi-index hashing by number of codes.',
  };
}

function byLabels(context: Context): Figure {
  const { labelled, bits } = context.config;
  return {
    kind: 'curve',
    id: 'map-by-labels',
    title: `How many labels supervised hashing needs, ${bits} bits`,
    x: { label: 'labelled vectors, power of ten' },
    y: { label: 'mean average precision', unit: '%' },
    series: studied.map((method) =>
      meanSeries(
        method,
        context.seeds.map((_, seed) =>
          labelled.map((n) => [Math.log10(n), context.arms[labelledArm(method, n)]?.map?.[seed] ?? null] as const),
        ),
      ),
    ),
    caption: `All learn from the same vectors, itq without their labels; ranked are all images of the database. ${seedsInWords(context)}.`,
    alt: 'Mean average precision over the number of labelled vectors, one line for each method.',
  };
}

/** The figures of the study preset. */
export const studyFigures = (context: Context): Figure[] => [speedUp(context), times(context), byLabels(context)];
