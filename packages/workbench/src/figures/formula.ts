import { z } from 'zod';
import { blockFields } from './block.js';

export const formulaSchema = z.object({
  kind: z.literal('formula'),
  ...blockFields,
  tex: z.string().min(1),
  meaning: z.string(),
});

/** A formula in TeX and what it means. */
export type FormulaFigure = z.infer<typeof formulaSchema>;
