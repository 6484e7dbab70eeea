import { z } from 'zod';
import { blockFields } from './block.js';

export const confusionSchema = z
  .object({
    kind: z.literal('confusion'),
    ...blockFields,
    classes: z.array(z.string()),
    matrix: z.array(z.array(z.number())).describe('Counts: true class (row) × predicted class (column)'),
  })
  .refine(
    ({ classes, matrix }) => matrix.length === classes.length && matrix.every((row) => row.length === classes.length),
    { error: 'expected one row and one column per class', path: ['matrix'] },
  );

/** Counts of true against predicted classes. */
export type ConfusionFigure = z.infer<typeof confusionSchema>;
