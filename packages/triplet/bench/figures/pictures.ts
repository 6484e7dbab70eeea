import type { Figure } from '@tensor-papers/workbench';
import type { Part } from '../config.js';
import { rowLength } from '../pictures.js';
import { type Context, idOf, picturesOf } from './context.js';

/** Queries that SCT and SHN answer differently. */
export function neighbours(context: Context, part: Part): Figure[] {
  const { seed, pictures } = picturesOf(context, part)[0]!;
  const found = pictures.neighbours;
  if (found === null || found.sct.length === 0) return [];
  return (['sct', 'shn'] as const).map((role) => ({
    kind: 'image-grid',
    id: idOf(`neighbours-${role}`, part),
    title: `${part.title}: nearest images by ${role.toUpperCase()}`,
    columns: rowLength,
    images: [...found[role]],
    caption: `Seed ${seed}. A query and its nearest images, right or wrong: first queries that only SCT answers rightly, then queries that only SHN does. The other arm has the same queries.`,
    alt: `Rows of a query and its ${rowLength - 1} nearest images by ${role.toUpperCase()}, each marked as right or wrong.`,
  }));
}

/** Test images in two dimensions. */
export function projections(context: Context, part: Part): Figure[] {
  const { seed, pictures } = picturesOf(context, part)[0]!;
  return Object.entries(pictures.projections).map(([role, points]) => ({
    kind: 'scatter',
    id: idOf(`projection-${role}`, part),
    title: `${part.title}: unseen classes as ${role.toUpperCase()} places them`,
    x: { label: 'first principal component' },
    y: { label: 'second principal component' },
    points: [...points],
    caption: `Images of the first unseen classes on the two directions along which all unit embeddings of the test vary most. Seed ${seed}.`,
    alt: `Images of ${new Set(points.map(({ group }) => group)).size} unseen classes in the plane, by ${role.toUpperCase()}.`,
  }));
}
