import { z } from 'zod';
import { axisSchema, blockFields } from './block.js';

export const scatterSchema = z.object({
  kind: z.literal('scatter'),
  ...blockFields,
  x: axisSchema,
  y: axisSchema,
  points: z.array(
    z.object({ x: z.number(), y: z.number(), group: z.string().optional(), label: z.string().optional() }),
  ),
});

/** Points in a plane, coloured by group. */
export type ScatterFigure = z.infer<typeof scatterSchema>;
