import { z } from 'zod';
import { blockFields } from './block.js';

export const tableSchema = z
  .object({
    kind: z.literal('table'),
    ...blockFields,
    columns: z.array(z.string()),
    rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
  })
  .refine(({ columns, rows }) => rows.every((row) => row.length === columns.length), {
    error: 'expected one cell per column in every row',
    path: ['rows'],
  });

/** Columns and rows; null is an empty cell. */
export type TableFigure = z.infer<typeof tableSchema>;
