import type { Figure } from '@tensor-papers/workbench';
import type { Part } from '../config.js';
import { type Context, idOf, picturesOf } from './context.js';

/** Pseudo-labels that were edited away, rightly and wrongly, with their K predictions. */
export function edited(context: Context, part: Part): Figure {
  const { seed, pictures } = picturesOf(context, part);
  return {
    kind: 'gallery',
    id: idOf('edited', part),
    title: `${part.title}: pseudo-labels under dropout`,
    items: pictures.gallery,
    caption: `Unlabelled images of seed ${seed}, of each kind those that the two labelling heads were surest of. Bars: what ${part.desPasses} passes with dropout say. A label goes when more than a third of them contradict it.`,
    alt: 'Unlabelled images in groups, each with its pseudo-label, its true class and how often each class was predicted under dropout.',
  };
}
