import { z } from 'zod';
import { blockFields, imageSchema } from './block.js';

export const gallerySchema = z.object({
  kind: z.literal('gallery'),
  ...blockFields,
  items: z.array(
    z.object({
      image: imageSchema,
      title: z.string(),
      labels: z.array(z.string()).describe('What the values of the bars belong to, such as class names'),
      bars: z
        .array(z.object({ name: z.string(), values: z.array(z.number()).describe('0 … 1, one per label') }))
        .optional()
        .describe('One set of bars per model'),
      note: z.string().optional(),
      group: z.string().optional().describe('Heading under which the item stands; items of a group follow each other'),
    }),
  ),
});

/** Images, each with what the models say of it. */
export type GalleryFigure = z.infer<typeof gallerySchema>;
