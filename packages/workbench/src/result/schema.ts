import { z } from 'zod';
import { dataSourceSchema, seriesSchema } from '../benchmark/outcome.js';
import { presetNames } from '../benchmark/presets.js';
import { claimResultSchema } from '../claims/claim.js';
import { figureSchema } from '../figures/figure.js';
import { jsonSchema } from '../json.js';

export const engineSchema = z.strictObject({
  name: z.string().min(1),
  version: z.string().min(1),
  threads: z.int().positive().nullable().describe('Threads of each seed; null where they are not known'),
});

export const surroundingsSchema = z.strictObject({
  tfjs: z.string().optional().describe('Version of TensorFlow.js'),
  node: z.string().optional(),
  machine: z
    .strictObject({
      platform: z.string().describe('Operating system and processor architecture'),
      cpu: z.string(),
      cores: z.int().positive(),
      memoryBytes: z.number().positive(),
    })
    .optional(),
});

/** What a run stood on besides its sources. */
export type Surroundings = z.infer<typeof surroundingsSchema>;

const resultFields = z.strictObject({
  schema: z.literal(1).describe('Version of this schema'),
  paper: z.string().min(1),
  preset: z.enum(presetNames),
  engine: engineSchema,
  ...surroundingsSchema.shape,
  command: z.string().optional().describe('Repeats the run'),
  seeds: z.array(z.int()).describe('The seeds that were finished, ascending'),
  armInfo: z.record(z.string(), z.string()).optional().describe('Arm → what it is'),
  arms: z
    .record(z.string(), z.record(z.string(), z.array(z.number().nullable())))
    .describe('Arm → metric → one value per seed, in the order of `seeds`; null where there is none'),
  claims: z.array(claimResultSchema),
  data: z.array(dataSourceSchema),
  config: jsonSchema,
  series: z.array(seriesSchema.extend({ seed: z.int() })),
  figures: z.array(figureSchema),
  notes: z.array(z.string()).optional(),
  wallSeconds: z.number().min(0),
  peakRssBytes: z.number().min(0).describe('The largest resident memory that one seed had'),
  source: z.strictObject({
    hash: z.string().min(1).describe("sha256 over the paper's sources and those of the packages it needs"),
    commit: z.string().nullable().describe('null outside of a git repository'),
  }),
  partial: z.boolean().describe('Whether the run was stopped before all seeds were finished'),
});

/** A result file: everything that a run measured, and what is needed to repeat it. */
export const resultSchema = resultFields.superRefine(({ seeds, arms, figures }, context) => {
  const complain = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  if (seeds.some((seed, index) => index > 0 && seed <= seeds[index - 1]!)) {
    complain(['seeds'], 'expected different seeds in ascending order');
  }
  for (const [arm, metrics] of Object.entries(arms)) {
    for (const [metric, values] of Object.entries(metrics)) {
      if (values.length !== seeds.length) {
        complain(['arms', arm, metric], `expected one value for each of ${seeds.length} seeds, got ${values.length}`);
      }
    }
  }
  const ids = figures.map(({ id }) => id);
  for (const [index, id] of ids.entries()) {
    if (ids.indexOf(id) < index) complain(['figures', index, 'id'], `${id} is used twice`);
  }
});

export type Result = z.infer<typeof resultSchema>;

/** The schema of a result file as JSON Schema (draft 2020-12). */
export const resultJsonSchema = z.toJSONSchema(resultFields, { io: 'output' });
