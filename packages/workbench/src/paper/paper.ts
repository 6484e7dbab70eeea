import { z } from 'zod';
import { claimSchema } from '../claims/claim.js';

const text = z.union([z.string(), z.number()]).transform(String);
/** A sentence, or an object of sentences such as `{ what, why }`. */
const remark = z.union([z.string(), z.record(z.string(), z.unknown())]);

export const citationSchema = z.looseObject({
  title: z.string().min(1),
  authors: z
    .union([z.string(), z.array(z.string())])
    .transform((authors) => (typeof authors === 'string' ? [authors] : authors))
    .default([]),
  venue: z.string().optional(),
  year: text.optional(),
  url: z.string().optional(),
  bibtex: z.string().optional(),
});

export const equationSchema = z.looseObject({
  id: text.optional(),
  title: z.string().optional(),
  tex: z.string().optional(),
  meaning: z.string().optional(),
  symbol: z.union([z.string(), z.array(z.string())]).optional(),
});

/** A `paper.json`; fields that are not listed are left to whoever reads them. */
export const paperSchema = z
  .looseObject({
    name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected the name of the folder: lower-case words, hyphens'),
    title: z.string().min(1),
    summary: z.string().optional(),
    citation: citationSchema,
    claims: z.array(claimSchema).default([]),
    dataSets: z.array(z.union([z.string(), z.looseObject({ id: z.string() })])).default([]),
    equations: z.array(equationSchema).default([]),
    deviations: z.array(remark).default([]),
    notImplemented: z.array(remark).default([]),
  })
  .superRefine(({ claims }, context) => {
    const ids = claims.map(({ id }) => id);
    const twice = ids.findIndex((id, index) => ids.indexOf(id) < index);
    if (twice >= 0) {
      context.addIssue({ code: 'custom', path: ['claims', twice, 'id'], message: `${ids[twice]} is used twice` });
    }
    for (const [index, { repeats }] of claims.entries()) {
      const original = claims.find(({ id }) => id === repeats?.claim);
      if (repeats && (!original || original.repeats)) {
        const message = `expected the id of a claim that repeats none, got ${repeats.claim}`;
        context.addIssue({ code: 'custom', path: ['claims', index, 'repeats', 'claim'], message });
      }
    }
  });

/** What a package says of its paper: citation, claims, data sets, equations, known deviations. */
export type Paper = z.infer<typeof paperSchema>;
