import { createRng } from '@tensor-papers/numerics/random';
import { bootstrapInterval, tInterval } from '@tensor-papers/numerics/statistics';
import { type Bar, type Figure, meanBar, seedsInWords } from '@tensor-papers/workbench';
import { rolesOf } from '../arms.js';
import type { Part } from '../config.js';
import { type Context, differences, idOf, picturesOf, valuesOf } from './context.js';

const columns = [
  ['R@1, %', 'r1', 1],
  ['R@2', 'r2', 1],
  ['R@4', 'r4', 1],
  ['R@8', 'r8', 1],
  ['MAP@R, %', 'map-at-r', 1],
  ['R@1 of classes apart, %', 'r1-apart', 1],
  ['learning rates', 'learning-rate', null],
  ['cosine within a class', 'class-cosine', 3],
  ['cosine of two images', 'mean-cosine', 3],
  ['share of hard triplets', 'hard-ratio', 3],
  ['last loss', 'final-loss', 3],
] as const;

function cell(values: readonly (number | null)[], digits: number | null): string | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  if (digits === null) return [...new Set(known)].sort((a, b) => a - b).join(', ');
  if (known.length < 3) return (known.reduce((sum, value) => sum + value, 0) / known.length).toFixed(digits);
  const { mean, high } = tInterval(known);
  return `${mean.toFixed(digits)} ± ${(high - mean).toFixed(digits)}`;
}

/** Every arm of a part in a row. */
export function recallTable(context: Context, part: Part): Figure {
  return {
    kind: 'table',
    id: idOf('recall', part),
    title: `${part.title}: what is found, and where the embedding ends`,
    columns: ['', ...columns.map(([name]) => name)],
    rows: rolesOf(part).map((role) => [
      role,
      ...columns.map(([, metric, digits]) => cell(valuesOf(context, part, role, metric), digits)),
    ]),
    caption: `R@k: share of test images, all of classes that training has not seen, with an image of their class among the nearest k. Cosine of two images and share of hard triplets are those of training batches at the end. ${seedsInWords(context)}${context.seeds.length > 2 ? ' (± half their width)' : ''}.`,
    alt: `One row for each of ${rolesOf(part).length} arms with recall, learning rate and cosines.`,
  };
}

/** Every arm against SHN, seed by seed. */
export function effects(context: Context, part: Part): Figure {
  const roles = rolesOf(part).filter((role) => role !== 'shn');
  const bars = roles.flatMap((role): Bar | [] => meanBar(role, differences(context, part, role, 'shn', 'r1')) ?? []);
  return {
    kind: 'bars',
    id: idOf('effects', part),
    title: `${part.title}: what each arm finds more than SHN`,
    unit: 'pp of R@1',
    reference: 0,
    bars,
    caption: `Difference to SHN of the same seed, on the same classes, each at its own learning rate. ${seedsInWords(context)}: an interval on one side of 0 is an effect, one across 0 is none that these seeds can show.`,
    alt: `Differences in points of R@1: ${bars.map(({ label, value }) => `${label} ${value.toFixed(2)}`).join(', ')}.`,
  };
}

/** SCT against SHN within each seed, with an interval over queries. */
export function overQueries(context: Context, part: Part): Figure {
  const rng = createRng(0).stream('bootstrap over queries').stream(part.prefix);
  const rows = picturesOf(context, part).flatMap(({ seed, pictures: { hits } }) => {
    const [sct, shn] = [hits.sct, hits.shn];
    if (sct === undefined || shn === undefined) return [];
    const samples = [...sct].flatMap((hit, i) => (hit === '-' ? [] : [100 * (Number(hit) - Number(shn[i]))]));
    const { mean, low, high } = bootstrapInterval(samples, { rng: rng.stream(seed), resamples: 2_000 });
    return [[seed, samples.length, mean.toFixed(2), `${low.toFixed(2)} … ${high.toFixed(2)}`]];
  });
  return {
    kind: 'table',
    id: idOf('over-queries', part),
    title: `${part.title}: SCT against SHN, query by query`,
    columns: ['seed', 'queries', 'R@1, SCT − SHN, pp', '95 % bootstrap interval over queries'],
    rows,
    caption:
      'Of one pair of trained networks each: how sure their difference is on these classes. How much it changes with classes and weights, the seeds say.',
    alt: 'One row a seed with the difference in R@1 and its bootstrap interval.',
  };
}
