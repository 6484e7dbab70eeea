import { z } from 'zod';

/** The kinds of claims and what their verdicts ask for; `judge` computes them. */
export const claimKinds = ['superiority', 'nonInferiority', 'equivalence', 'trend', 'exact'] as const;

const claimFields = z.strictObject({
  id: z.string().regex(/^[A-Za-z][\w.-]*$/, 'expected a short id such as H1'),
  statement: z.string().min(1).describe('What is claimed, in one sentence'),
  repeats: z
    .strictObject({ claim: z.string().min(1), on: z.string().min(1).describe('The other data, in a few words') })
    .optional()
    .describe('The claim, by its id, that this one asks again on other data'),
  source: z.string().min(1).describe('Where the paper says so: table, figure or section'),
  metric: z.string().min(1).describe('A metric that every compared arm reports'),
  unit: z.string().describe('Unit of the metric, and so of effect and margin'),
  better: z.enum(['higher', 'lower']).describe('The side of the metric that is good'),
  compare: z
    .array(z.string().min(1))
    .min(2)
    .describe('Arm ids: [treatment, control]; for a trend the arms in order; for exact the arms that have to be equal'),
  kind: z.enum(claimKinds),
  margin: z
    .number()
    .default(0)
    .describe(
      'In units of the metric; a trend: per step from one arm to the next, below 0 where a small fall is tolerated',
    ),
  method: z.enum(['t', 'bootstrap']).default('t').describe('How the 95 % interval is computed'),
  published: z.string().nullish().describe("The paper's own numbers, with the set-up they belong to"),
});

function checkClaim(claim: z.infer<typeof claimFields>, context: z.RefinementCtx): void {
  const complain = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  if (new Set(claim.compare).size < claim.compare.length) complain('compare', 'names an arm twice');
  if (claim.kind !== 'trend' && claim.kind !== 'exact' && claim.compare.length !== 2) {
    complain('compare', `expected [treatment, control] for ${claim.kind}, got ${claim.compare.length} arms`);
  }
  if (claim.margin < 0 && claim.kind !== 'trend')
    complain('margin', `expected 0 or more for ${claim.kind}, got ${claim.margin}`);
  if (claim.kind === 'equivalence' && claim.margin === 0) complain('margin', 'an equivalence needs a margin above 0');
}

export const claimSchema = claimFields.superRefine(checkClaim);

/** What a paper says, as a comparison of arms that is declared before any run. */
export type Claim = z.infer<typeof claimSchema>;

export const verdicts = ['supported', 'contradicted', 'inconclusive'] as const;

export const claimResultSchema = claimFields
  .extend({
    effect: z
      .number()
      .nullable()
      .describe(
        'Mean paired difference, treatment − control; a trend: mean slope per arm; exact: the largest difference',
      ),
    ci95: z.tuple([z.number(), z.number()]).nullable().describe('95 % interval of the effect'),
    n: z.int().min(0).describe('Seeds that were compared'),
    verdict: z.enum(verdicts).nullable(),
    reason: z.string().optional().describe('Why there is no verdict'),
  })
  .superRefine(checkClaim);

/** A claim with what a run says of it. */
export type ClaimResult = z.infer<typeof claimResultSchema>;

export type Verdict = (typeof verdicts)[number];
