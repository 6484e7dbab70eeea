import { type Figure, type FigureContext, meanBar, meanSeries, seedsInWords } from '@tensor-papers/workbench';
import { labelArm, neighborArm, neighborMethods } from './arms.js';
import type { HashingConfig } from './config.js';
import { methods } from './methods.js';
import type { Artifacts } from './run-seed.js';

type Context = FigureContext<HashingConfig>;

const artifactsOf = ({ seeds }: Context) => seeds.map(({ outcome }) => outcome.artifacts as unknown as Artifacts);

/** A metric of every method over the length of the code. */
function byBits(context: Context, metric: string, id: string, title: string, label: string): Figure {
  return {
    kind: 'curve',
    id,
    title,
    x: { label: 'bits' },
    y: { label, unit: '%' },
    series: Object.keys(methods).map((method) =>
      meanSeries(
        method,
        context.seeds.map((_, seed) =>
          context.config.bits.map(
            (bits) => [bits, context.arms[labelArm(method, bits)]?.[metric]?.[seed] ?? null] as const,
          ),
        ),
      ),
    ),
    caption: `Relevant is what has the query's label; ties of Hamming distance in expectation. ${seedsInWords(context)}.`,
    alt: `${title}: one line for each method.`,
  };
}

function precisionRecall(context: Context): Figure {
  const bits = context.config.bits.at(-1)!;
  return {
    kind: 'curve',
    id: 'precision-recall',
    title: `Precision and recall within every radius, ${bits} bits`,
    x: { label: 'recall', unit: '%' },
    y: { label: 'precision', unit: '%' },
    series: Object.keys(methods).map((method) => {
      const seeds = artifactsOf(context).flatMap(({ byRadius }) => byRadius[labelArm(method, bits)] ?? []);
      const mean = (of: 'precision' | 'recall', d: number) =>
        seeds.reduce((sum, each) => sum + each[of][d]!, 0) / seeds.length;
      // Small radii whose balls are empty for nearly all queries say nothing.
      const points = Array.from({ length: bits + 1 }, (_, d) => ({ x: mean('recall', d), y: mean('precision', d) }));
      return { name: method, points: points.filter(({ x }) => x >= 0.1) };
    }),
    caption: `Each point is the ball of one Hamming radius, means over queries; an empty ball has precision 0. ${context.seeds.length === 1 ? 'One seed' : `Mean of ${context.seeds.length} seeds`}.`,
    alt: 'Precision over recall, one line for each method.',
  };
}

function recallAtEqualBytes(context: Context): Figure {
  return {
    kind: 'bars',
    id: 'recall-at-equal-bytes',
    title: 'The nearest neighbour among the first ten, at equal bytes',
    unit: '% of queries',
    bars: context.config.bytes.flatMap((bytes) =>
      Object.keys(neighborMethods).flatMap(
        (method) => meanBar(method, context.arms[neighborArm(method, bytes)]?.['r1@10'] ?? [], `${bytes} bytes`) ?? [],
      ),
    ),
    caption: `True neighbours by Euclidean distance of pixels. ${seedsInWords(context)}.`,
    alt: 'Recall of the nearest neighbour by quantisers and binary codes of 4 to 16 bytes.',
  };
}

function exactSearch(context: Context): Figure {
  const value = (arm: string, metric: string) => {
    const known = (context.arms[arm]?.[metric] ?? []).filter((each) => each !== null);
    return known.length === 0 ? null : Number((known.reduce((sum, each) => sum + each, 0) / known.length).toFixed(1));
  };
  return {
    kind: 'table',
    id: 'exact-search',
    title: 'Exact search: what multi-index hashing saves',
    columns: ['', 'distances computed a query', 'queries answered by a scan, %', 'mean distance of the ten nearest'],
    rows: (['search/flat', 'search/mih'] as const).map((arm) => [
      arm === 'search/flat' ? 'flat scan' : 'multi-index hashing',
      value(arm, 'distances-per-query'),
      value(arm, 'scanned-queries'),
      value(arm, 'mean-distance'),
    ]),
    caption: `Codes of ${context.config.bits.at(-1)} bits by iterative quantisation. Both find the same; where the nearest codes are far, multi-index hashing falls back to the scan.`,
    alt: 'Distances computed by flat scan and by multi-index hashing.',
  };
}

function gallery(context: Context): Figure {
  const [{ retrievals }] = artifactsOf(context) as [Artifacts];
  return {
    kind: 'gallery',
    id: 'retrieved',
    title: `What ${context.config.bits.at(-1)} bits find`,
    items: retrievals.flatMap(({ query, label, found }, i) => [
      { image: query, title: label, group: `Query ${i + 1}: ${label}`, labels: [], note: 'the query' },
      ...found.map((each) => ({
        image: each.image,
        title: each.label,
        group: `Query ${i + 1}: ${label}`,
        labels: [],
        note: `${each.distance} bits away${each.label === label ? '' : ', another class'}`,
      })),
    ]),
    caption: `Queries of seed ${context.seeds[0]!.seed}, drawn at random, with their ten nearest codes by iterative quantisation.`,
    alt: 'Query images, each followed by the ten images with the nearest codes.',
  };
}

/** The figures of the report, from the outcomes of all seeds. */
export const figures = (context: Context): Figure[] => [
  byBits(context, 'map', 'map-by-bits', 'Mean average precision by length of the code', 'mean average precision'),
  byBits(context, 'precision-radius-2', 'precision-radius-2', 'Precision within Hamming radius 2', 'precision'),
  precisionRecall(context),
  recallAtEqualBytes(context),
  exactSearch(context),
  gallery(context),
];
