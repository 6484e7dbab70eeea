import { z } from 'zod';
import { blockFields, imageSchema } from './block.js';

export const imageGridSchema = z.object({
  kind: z.literal('image-grid'),
  ...blockFields,
  columns: z.int().positive(),
  images: z.array(z.object({ image: imageSchema, title: z.string().optional() })),
});

/** Images in rows of a fixed length; a row can show one image through several steps. */
export type ImageGridFigure = z.infer<typeof imageGridSchema>;
