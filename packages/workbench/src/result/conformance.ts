import { z } from 'zod';

const outcomeSchema = z.object({
  status: z.enum(['ok', 'wrong', 'missing', 'failed']),
  error: z.number().nullish().describe('Largest |got − expected| / max(1, |expected|)'),
  message: z.string().optional(),
});

/** `results/engine.conformance.json`, as the engine's `conformance` command writes it: what a reader needs of it. */
export const conformanceSchema = z.object({
  about: z.string().describe('What the cases are compared with'),
  versions: z.record(z.string(), z.string()),
  engines: z.array(
    z.object({
      key: z.string().min(1),
      name: z.string().min(1),
      stock: z.boolean().describe('Whether it ran as TensorFlow.js ships it'),
      version: z.string().nullable(),
      failure: z.string().optional().describe('Why it did not start'),
    }),
  ),
  cases: z.array(
    z.object({
      id: z.string().min(1),
      op: z.string().min(1),
      results: z
        .record(z.string(), z.object({ forward: outcomeSchema, gradient: outcomeSchema.nullable() }))
        .describe("By the engine's key"),
    }),
  ),
});

/** Operation × engine × {forward, gradient} against float64. */
export type Conformance = z.infer<typeof conformanceSchema>;
