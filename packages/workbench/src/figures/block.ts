import { z } from 'zod';

/** What every figure block has besides its own content. */
export const blockFields = {
  id: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens')
    .describe('Unique in a result; the address of the figure in a page'),
  title: z.string().min(1),
  caption: z.string().describe('What is to be seen, and how it was measured'),
  alt: z.string().min(1).describe('What the figure shows, for somebody who does not see it'),
};

export const axisSchema = z.object({ label: z.string(), unit: z.string().optional() });

/** The axis of a chart; the unit stands in brackets behind the label. */
export type Axis = z.infer<typeof axisSchema>;

export const imageSchema = z
  .string()
  .regex(/^data:image\/png;base64,[A-Za-z0-9+/]+=*$/, 'expected a PNG as a data URI (pngDataUri makes one)')
  .describe('PNG as a data URI');
